-- description: Releases by year and day of the week, counted in three ways: by the New Zealand day where it is certain,
--     by the best known New Zealand date, and by the printed date.
-- grain: year, weekday
-- warning: From October 2017, without the index of publication times, few days are certain, and release_count has about
--     a third of the releases on the day before: too few Fridays, too many Sundays. Compare weekdays by
--     certain_day_share.
-- example: select year, certain_day_share from releases_by_weekday where weekday_name = 'Friday'
-- metric certain_weekday_count: sum(certain_release_count): Number of releases by the day of the week of their New
--     Zealand day, if it is certain; additive.
-- metric weekday_release_count: sum(release_count): Number of releases by the day of the week of nz_date; additive.
-- metric printed_weekday_count: sum(printed_release_count): Number of releases by the day of the week of the printed
--     date, from October 2017 the UTC date; additive.
-- metric exact_day_share: sum(exact_count) * 1.0 / sum(release_count): Share of the releases whose date is known from
--     the index of publication times, 0 to 1; not additive.
-- column year: Calendar year of nz_date.
-- column weekday: Day of the week as a number, 1 (Monday) to 7 (Sunday).
-- column weekday_name: English name of the day of the week.
-- column certain_release_count: Number of releases whose New Zealand day is certain and on this day of the week;
--     additive.
-- column release_count: Number of releases whose nz_date is on this day of the week, certain or not; additive.
-- column printed_release_count: Number of releases of the year whose printed date is on this day of the week; additive.
-- column exact_count: Number of releases counted by release_count whose date is known from the index of publication
--     times; additive.
-- column certain_day_share: Share of the year's releases of a certain New Zealand day that are on this day of the week,
--     0 to 1; NULL if the day is certain for less than half of the year's releases.
-- column day_share: Share of the year's releases whose nz_date is on this day of the week, certain or not, 0 to 1.
-- column printed_day_share: Share of the year's releases whose printed date is on this day of the week, 0 to 1.
create or replace view main.releases_by_weekday as
with counted as (
    select
        year(nz_date)::integer as year,
        isodow(nz_date) as weekday,
        count(*) filter (where earliest_nz_date = latest_nz_date) as certain_release_count,
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
    coalesce(counted.certain_release_count, 0) as certain_release_count,
    coalesce(counted.release_count, 0) as release_count,
    coalesce(printed.printed_release_count, 0) as printed_release_count,
    coalesce(counted.exact_count, 0) as exact_count,
    case
        when
            sum(counted.certain_release_count) over (partition by years.year)
            >= sum(counted.release_count) over (partition by years.year) / 2
            then
                round(
                    coalesce(counted.certain_release_count, 0)
                    / sum(counted.certain_release_count) over (partition by years.year),
                    6
                )
    end as certain_day_share,
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
