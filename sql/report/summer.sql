-- title: Christmas and summer
-- description: Releases per day from 1 December to 15 February, averaged over all summers. Days in months without any
--     release in the archive are not counted.
select
    make_date(
        case when month(days.calendar_date) = 12 then 1999 else 2000 end,
        month(days.calendar_date),
        day(days.calendar_date)
    ) as day_of_summer_date,
    strftime(any_value(days.calendar_date), '%-d %B') as day_name,
    count(*) as day_count,
    sum(days.release_count)::bigint as release_count,
    round(sum(days.release_count) / count(*), 2) as releases_per_day
from main.releases_by_day as days
where
    not days.is_gap
    and (
        month(days.calendar_date) in (12, 1)
        or (month(days.calendar_date) = 2 and day(days.calendar_date) <= 15)
    )
group by day_of_summer_date
order by day_of_summer_date
