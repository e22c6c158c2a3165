-- title: Through the year
-- description: Releases per day in each month of the year. Months without any release in the archive are not counted.
select
    days.month,
    days.month_name,
    count(*) as day_count,
    sum(days.release_count)::bigint as release_count,
    round(sum(days.release_count) / count(*), 2) as releases_per_day
from main.releases_by_day as days
where not days.is_gap
group by days.month, days.month_name
order by days.month
