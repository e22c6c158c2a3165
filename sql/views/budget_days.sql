-- description: Output on Budget days, and how they rank among the days of their year.
-- grain: budget_date
-- warning: A Budget day on which the archive holds little was hardly silent: the site kept little of the first years.
--     Years without any release are left out.
-- example: select count(*), avg(release_count) from budget_days where year_rank = 1
-- metric budget_release_count: sum(release_count): Releases of Budget days; additive.
-- metric usual_day_count: avg(year_day_average): Releases of a usual day of those years; not additive.
-- column budget_date: The day on which the Budget was presented.
-- column release_count: Releases of the day; additive.
-- column distinct_release_count: Of those, each text once; additive over these days.
-- column year_rank: 1 where no day of that calendar year has more releases; equal counts share a rank.
-- column year_day_average: Releases per day of that calendar year, as far as the archive covers it; not additive.
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
