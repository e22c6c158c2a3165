-- description: Releases per New Zealand day (nz_date), from the first to the last day of the archive, days without any
--     release included.
-- grain: calendar_date
-- warning: A rate per day needs `where not is_gap`. From October 2017 nz_date is the UTC date unless the build used the
--     index of publication times: without it, do not compare weekdays across that change (releases_by_weekday shows
--     both).
-- metric day_release_count: sum(release_count): Number of releases, every copy of a text counted; additive.
-- metric covered_day_average: avg(case when not is_gap then release_count end): Releases per day, without months of
--     which the archive has no release; not additive.
-- column calendar_date: New Zealand day, the nz_date of the releases counted.
-- column year: Calendar year of the day.
-- column month: Calendar month as a number, 1 (January) to 12.
-- column month_name: English name of the calendar month.
-- column month_start_date: First day of the calendar month, for time axes.
-- column season: Season in New Zealand: summer (December to February), autumn, winter or spring.
-- column fiscal_year: Fiscal year ended 30 June, named by the year it ends in: 2014-07-01 is in 2015.
-- column weekday: Day of the week as a number, 1 (Monday) to 7 (Sunday).
-- column weekday_name: English name of the day of the week.
-- column is_weekend: True on a Saturday or Sunday.
-- column is_public_holiday: True on a national public holiday, on the day it is observed or falls on.
-- column is_election_day: True on the day of a general election.
-- column is_pre_election: True in the three months before a general election, without the day itself.
-- column is_budget_day: True on the day when the Budget was presented.
-- column government_name: Name of the government in office on the day, such as `Fifth Labour Government`.
-- column parliament: Number of the Parliament elected at the last general election up to the day.
-- column month_of_term: Month of the parliamentary term, where month 1 begins on the day of the general election.
-- column release_count: Number of releases, every copy of a text counted; additive.
-- column distinct_release_count: Number of different texts among the releases: copies of a joint statement count once;
--     not additive.
-- column joint_release_count: Number of releases that credit two people or more; additive.
-- column total_word_count: Number of words in the texts; additive.
-- column is_gap: True if the archive has no release of the whole month: a gap in the archive, not a quiet time.
create or replace view main.releases_by_day as
with months as (
    select distinct date_trunc('month', nz_date) as month_start_date
    from core.fact_release
    where nz_date is not null
),

span as (
    select
        min(nz_date) as first_date,
        max(nz_date) as last_date
    from core.fact_release
),

counted as (
    select
        nz_date_id as date_id,
        count(*) as release_count,
        count(distinct twin_group_id) as distinct_release_count,
        count(*) filter (where minister_count > 1) as joint_release_count,
        sum(word_count)::bigint as total_word_count
    from core.fact_release
    group by nz_date_id
)

select
    dim_date.calendar_date,
    dim_date.year,
    dim_date.month,
    dim_date.month_name,
    dim_date.month_start_date,
    dim_date.season,
    dim_date.fiscal_year,
    dim_date.weekday,
    dim_date.weekday_name,
    dim_date.is_weekend,
    dim_date.is_public_holiday,
    dim_date.is_election_day,
    dim_date.is_pre_election,
    dim_date.is_budget_day,
    dim_government.government_name,
    dim_date.parliament,
    dim_date.month_of_term,
    coalesce(counted.release_count, 0) as release_count,
    coalesce(counted.distinct_release_count, 0) as distinct_release_count,
    coalesce(counted.joint_release_count, 0) as joint_release_count,
    coalesce(counted.total_word_count, 0) as total_word_count,
    months.month_start_date is null as is_gap
from core.dim_date
inner join span
    on dim_date.calendar_date between span.first_date and span.last_date
inner join core.dim_government using (government_id)
left join counted using (date_id)
left join months
    on dim_date.month_start_date = months.month_start_date
order by dim_date.calendar_date;
