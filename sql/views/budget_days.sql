-- description: Output on Budget days, and their rank among the days of the same calendar year. Years without any
--     release are left out.
-- grain: budget_date
-- warning: The archive holds little of the first years, so a low number then does not mean a quiet Budget day.
-- example: select count(*), avg(release_count) from budget_days where year_rank = 1
-- metric budget_release_count: sum(release_count): Number of releases on Budget days; additive.
-- metric usual_day_count: avg(year_day_average): Average number of releases per day in the years of these Budget days;
--     not additive.
-- column budget_date: Day on which the Budget was presented.
-- column release_count: Number of releases on the Budget day; additive.
-- column distinct_release_count: Number of different texts on the Budget day: copies of a joint statement count once;
--     not additive.
-- column year_rank: Rank of the day by release_count within its calendar year, where 1 has most; equal counts share a
--     rank.
-- column year_day_average: Average number of releases per day of the same calendar year, from the first to the last
--     release of the archive; not additive.
create or replace view main.budget_days as
with ranked as (
    select
        calendar_date,
        is_budget_day,
        release_count,
        distinct_release_count,
        rank() over (partition by year(calendar_date) order by release_count desc) as year_rank,
        avg(release_count) over (partition by year(calendar_date)) as year_day_average
    from main.releases_by_day
)

select
    calendar_date as budget_date,
    release_count,
    distinct_release_count,
    year_rank,
    year_day_average
from ranked
where is_budget_day and year_day_average > 0
order by budget_date;
