-- description: Releases per month of nz_date, from the first to the last month of the archive, months without any
--     release included.
-- grain: month_start_date
-- warning: A month without any release can be a gap in the archive, not a quiet time.
-- column month_start_date: First day of the calendar month, for time axes.
-- column year: Calendar year of the month.
-- column month: Calendar month as a number, 1 (January) to 12.
-- column release_count: Number of releases, every copy of a text counted; additive.
-- column distinct_release_count: Number of different texts among the releases: copies of a joint statement count once;
--     not additive.
-- column statement_count: Number of statements among the releases: copies and reworked texts of a statement count once;
--     not additive.
-- column joint_release_count: Number of releases that credit two people or more; additive.
-- column total_word_count: Number of words in the texts; additive.
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
    count(distinct fact_release.statement_id) as statement_count,
    count(fact_release.release_id) filter (where fact_release.minister_count > 1) as joint_release_count,
    coalesce(sum(fact_release.word_count), 0)::bigint as total_word_count
from core.dim_date
inner join span
    on dim_date.calendar_date between date_trunc('month', span.first_date) and last_day(span.last_date)
left join core.fact_release
    on dim_date.date_id = fact_release.nz_date_id
group by dim_date.month_start_date, dim_date.year, dim_date.month
order by dim_date.month_start_date;
