-- title: Through the year
-- description: Releases per day in each week of the year, averaged over all years. Week 1 is 1 to 7 January; week 52 is
--     24 to 31 December. Days in months without any release in the archive are not counted, and 29 February counts
--     under the 28th.
-- example: select nz_date, title, url from releases where month(nz_date) = 1 and day(nz_date) <= 7 order by nz_date
with days as (
    select
        releases_by_day.calendar_date,
        least(
            dayofyear(
                make_date(
                    2001,
                    releases_by_day.month,
                    least(day(releases_by_day.calendar_date), case when releases_by_day.month = 2 then 28 else 31 end)
                )
            ) - 1, 363
        )::integer // 7 as week
    from main.releases_by_day
    where not releases_by_day.is_gap
)

select
    days.week + 1 as week,
    date '2001-01-01' + 7 * days.week as first_day_date,
    strftime(date '2001-01-01' + 7 * days.week, '%-d %B') || ' to '
    || strftime(least(date '2001-01-07' + 7 * days.week + days.week // 51, date '2001-12-31'), '%-d %B') as days,
    count(distinct days.calendar_date) as day_count,
    count(releases.release_id) as release_count,
    round(count(releases.release_id) / count(distinct days.calendar_date), 4) as releases_per_day,
    max(releases.release_id, 3) as latest_releases
from days
left join main.releases on days.calendar_date = releases.nz_date
group by days.week
order by days.week
