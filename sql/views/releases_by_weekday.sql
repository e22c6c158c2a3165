-- description: Releases by year and weekday, by the best known New Zealand day and by the day as printed: what the
--     printed UTC days do to a weekday, and what the index of publication times puts right.
-- grain: year, weekday
-- warning: Where exact_count is far below release_count in a year from 2017 on, weekdays of that year are those of the
--     UTC day for about a third of its releases: too few Fridays, too many Sundays.
-- example: select year, day_share, printed_day_share from releases_by_weekday where weekday_name = 'Friday'
-- metric weekday_release_count: sum(release_count): Releases by the best known New Zealand day; additive.
-- metric printed_weekday_count: sum(printed_release_count): Releases by the day as printed, from October 2017 on the
--     UTC day; additive.
-- metric exact_day_share: sum(exact_count) * 1.0 / sum(release_count): Part of the releases whose day is known from the
--     index, 0 to 1; not additive.
-- column year: Calendar year of nz_date.
-- column weekday: 1 is Monday.
-- column weekday_name: In English.
-- column release_count: Releases of that weekday by nz_date; additive.
-- column printed_release_count: Releases of that weekday by the date as printed; additive.
-- column exact_count: Of release_count, those whose day is known from the index; additive.
-- column day_share: Part of the year's releases, by nz_date.
-- column printed_day_share: Part of the year's releases, by the date as printed.
create or replace view main.releases_by_weekday as
with counted as (
    select
        year(nz_date)::integer as year,
        isodow(nz_date) as weekday,
        count(*) as release_count,
        count(*) filter (where date_basis = 'exact') as exact_count
    from core.fact_release
    where nz_date is not null
    group by all
),

printed as (
    select
        year(nz_date)::integer as year,
        isodow(published_date) as weekday,
        count(*) as printed_release_count
    from core.fact_release
    where published_date is not null
    group by all
),

weekdays as (
    select distinct
        dim_date.weekday,
        dim_date.weekday_name
    from core.dim_date
    where dim_date.weekday is not null
),

years as (
    select distinct counted.year
    from counted
)

select
    years.year,
    weekdays.weekday,
    weekdays.weekday_name,
    coalesce(counted.release_count, 0) as release_count,
    coalesce(printed.printed_release_count, 0) as printed_release_count,
    coalesce(counted.exact_count, 0) as exact_count,
    round(
        coalesce(counted.release_count, 0) / sum(counted.release_count) over (partition by years.year), 6
    ) as day_share,
    round(
        coalesce(printed.printed_release_count, 0) / sum(printed.printed_release_count) over (partition by years.year),
        6
    ) as printed_day_share
from years
cross join weekdays
left join counted
    on years.year = counted.year and weekdays.weekday = counted.weekday
left join printed
    on years.year = printed.year and weekdays.weekday = printed.weekday
order by years.year, weekdays.weekday;
