-- description: Releases per New Zealand day (nz_date), days without any included from the first to the last.
-- grain: calendar_date
-- warning: From October 2017 on nz_date is the UTC day unless the build used the index of publication times: do not
--     compare weekdays across that change without it (releases_by_weekday shows both).
-- metric day_release_count: sum(release_count): Files of the archive, twins counted apart; additive.
-- metric covered_day_average: avg(case when not is_gap then release_count end): Releases per day, without the months of
--     which the archive has none; not additive.
-- column calendar_date: The day.
-- column year: Calendar year.
-- column month: 1 to 12.
-- column month_name: In English.
-- column month_start_date: First day of the month.
-- column season: summer (December to February), autumn, winter or spring.
-- column fiscal_year: Year ended 30 June.
-- column weekday: 1 (Monday) to 7 (Sunday).
-- column weekday_name: In English.
-- column is_weekend: Saturday or Sunday.
-- column is_public_holiday: A national public holiday.
-- column is_election_day: A general election.
-- column is_pre_election: In the three months before a general election.
-- column is_budget_day: The Budget was presented.
-- column government_name: In office on the day.
-- column parliament: Number of the Parliament last elected.
-- column month_of_term: Month since the last general election, 1 to begin with.
-- column release_count: Files, twins counted apart; additive.
-- column distinct_release_count: Of those, each text once: copies of a joint statement count as one. Not
--     additive: the copies may stand on two rows.
-- column joint_release_count: Files that credit two people or more; additive.
-- column word_count: Words; additive.
-- column is_gap: The archive has no release of the whole month: a hole of the archive, no quiet time.
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
        sum(word_count)::bigint as word_count
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
    coalesce(counted.word_count, 0) as word_count,
    months.month_start_date is null as is_gap
from core.dim_date
inner join span
    on dim_date.calendar_date between span.first_date and span.last_date
inner join core.dim_government using (government_id)
left join counted using (date_id)
left join months
    on dim_date.month_start_date = months.month_start_date
order by dim_date.calendar_date;
