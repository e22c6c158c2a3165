-- description: Releases per month of nz_date, months without any included from the first to the last.
-- grain: month_start_date
-- column month_start_date: First day of the month, a date so that tools draw a time axis.
-- column year: Calendar year.
-- column month: 1 to 12.
-- column release_count: Files, twins counted apart; additive.
-- column distinct_release_count: Of those, each text once: copies of a joint statement count as one. Not
--     additive: the copies may stand on two rows.
-- column joint_release_count: Of those, credited to two people or more; additive.
-- column word_count: Words; additive.
create or replace view main.releases_by_month as
with span as (
    select
        min(nz_date) as first_date,
        max(nz_date) as last_date
    from core.fact_release
)

select
    dim_date.month_start_date,
    dim_date.year,
    dim_date.month,
    count(fact_release.release_id) as release_count,
    count(distinct fact_release.twin_group_id) as distinct_release_count,
    count(fact_release.release_id) filter (where fact_release.minister_count > 1) as joint_release_count,
    coalesce(sum(fact_release.word_count), 0)::bigint as word_count
from core.dim_date
inner join span
    on dim_date.calendar_date between date_trunc('month', span.first_date) and last_day(span.last_date)
left join core.fact_release
    on dim_date.date_id = fact_release.nz_date_id
group by dim_date.month_start_date, dim_date.year, dim_date.month
order by dim_date.month_start_date;
