-- title: Governments
-- description: What each government published, in the time that the archive covers. Releases are files. Months
--     without any release are gaps of the archive: their days are not counted.
select
    releases_by_day.government_name,
    min(releases_by_day.calendar_date) as first_date,
    max(releases_by_day.calendar_date) as last_date,
    count(*) as day_count,
    sum(releases_by_day.release_count)::bigint as release_count,
    round(sum(releases_by_day.release_count) / count(*), 2) as releases_per_day
from main.releases_by_day
inner join main.releases_by_month as months
    on date_trunc('month', releases_by_day.calendar_date) = months.month_start_date
where months.release_count > 0
group by releases_by_day.government_name
order by first_date
