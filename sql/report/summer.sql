-- title: Christmas and summer
-- description: Releases per day from 1 December to 15 February, as the average of all summers. Months without any
--     release are gaps of the archive: their days are not counted.
select
    make_date(
        case when months.month = 12 then 1999 else 2000 end, months.month, day(releases_by_day.calendar_date)
    ) as day_of_summer_date,
    strftime(any_value(releases_by_day.calendar_date), '%-d %B') as day_name,
    count(*) as day_count,
    sum(releases_by_day.release_count)::bigint as release_count,
    round(sum(releases_by_day.release_count) / count(*), 2) as releases_per_day
from main.releases_by_day
inner join main.releases_by_month as months
    on date_trunc('month', releases_by_day.calendar_date) = months.month_start_date
where
    months.release_count > 0
    and (months.month in (12, 1) or (months.month = 2 and day(releases_by_day.calendar_date) <= 15))
group by day_of_summer_date
order by day_of_summer_date
