-- title: Through the year
-- description: Releases per day in each month of the year, over all months that have a release: those without any
--     are gaps of the archive.
select
    months.month,
    monthname(releases_by_day.calendar_date) as month_name,
    count(*) as day_count,
    sum(releases_by_day.release_count)::bigint as release_count,
    round(sum(releases_by_day.release_count) / count(*), 2) as releases_per_day
from main.releases_by_day
inner join main.releases_by_month as months
    on date_trunc('month', releases_by_day.calendar_date) = months.month_start_date
where months.release_count > 0
group by months.month, month_name
order by months.month
