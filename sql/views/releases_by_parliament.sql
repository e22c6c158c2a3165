-- description: Releases per Parliament, by nz_date; undated releases are left out.
-- grain: parliament
-- column parliament: Number of the Parliament last elected: from an election on, the new one.
-- column first_date: Earliest nz_date of its releases.
-- column last_date: Latest nz_date of its releases.
-- column release_count: Files, twins counted apart; additive.
-- column distinct_release_count: Of those, each text once: copies of a joint statement count as one. Not additive: the
--     copies may stand on two rows.
-- column joint_release_count: Of release_count, credited to two people or more; additive.
-- column word_count: Words; additive.
-- column day_count: Days from the first release of the archive to the last, without the months of which it has none;
--     additive.
-- column releases_per_day: release_count by day_count; not additive.
create or replace view main.releases_by_parliament as
with covered as (
    select
        dim_date.parliament,
        count(*) as day_count
    from main.releases_by_day
    inner join core.dim_date using (calendar_date)
    where not releases_by_day.is_gap
    group by dim_date.parliament
)

select
    dim_date.parliament,
    min(fact_release.nz_date) as first_date,
    max(fact_release.nz_date) as last_date,
    count(*) as release_count,
    count(distinct fact_release.twin_group_id) as distinct_release_count,
    count(*) filter (where fact_release.minister_count > 1) as joint_release_count,
    sum(fact_release.word_count)::bigint as word_count,
    any_value(covered.day_count) as day_count,
    count(*) / any_value(covered.day_count) as releases_per_day
from core.fact_release
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
inner join covered
    on dim_date.parliament = covered.parliament
group by dim_date.parliament
order by dim_date.parliament;
