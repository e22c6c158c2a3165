-- description: Releases per government, by nz_date; undated releases stand under `unknown`.
-- grain: government_id
-- example: select government_name, release_count, releases_per_day from releases_by_government
-- metric government_release_count: sum(release_count): Files of the archive, twins counted apart; additive.
-- metric daily_release_count: sum(release_count) * 1.0 / sum(day_count): Releases per day that the archive covers; not
--     additive.
-- column government_id: Readable and durable; `unknown` where the day is unknown.
-- column government_name: Such as `Fifth Labour Government`.
-- column prime_ministers: Names in order of office, separated by '; '.
-- column start_date: First day in office; NULL for `unknown`.
-- column end_date: Last day in office; NULL while in office.
-- column first_date: Earliest nz_date of its releases.
-- column last_date: Latest nz_date of its releases.
-- column release_count: Files, twins counted apart; additive.
-- column distinct_release_count: Of those, each text once: copies of a joint statement count as one. Not additive: the
--     copies may stand on two rows.
-- column joint_release_count: Of release_count, credited to two people or more; additive.
-- column joint_share: joint_release_count as a part of release_count, 0 to 1; not additive.
-- column word_count: Words; additive.
-- column day_count: Days from the first release of the archive to the last, without the months of which it has none;
--     NULL for `unknown`; additive.
-- column releases_per_day: release_count by day_count; not additive.
create or replace view main.releases_by_government as
with covered as (
    select
        dim_date.government_id,
        count(*) as day_count
    from main.releases_by_day
    inner join core.dim_date using (calendar_date)
    where not releases_by_day.is_gap
    group by dim_date.government_id
)

select
    dim_government.government_id,
    dim_government.government_name,
    dim_government.prime_ministers,
    dim_government.start_date,
    dim_government.end_date,
    min(fact_release.nz_date) as first_date,
    max(fact_release.nz_date) as last_date,
    count(*) as release_count,
    count(distinct fact_release.twin_group_id) as distinct_release_count,
    count(*) filter (where fact_release.minister_count > 1) as joint_release_count,
    count(*) filter (where fact_release.minister_count > 1) / count(*) as joint_share,
    sum(fact_release.word_count)::bigint as word_count,
    any_value(covered.day_count) as day_count,
    count(*) / any_value(covered.day_count) as releases_per_day
from core.fact_release
inner join core.dim_government using (government_id)
left join covered using (government_id)
group by
    dim_government.government_id, dim_government.government_name, dim_government.prime_ministers,
    dim_government.start_date, dim_government.end_date
order by dim_government.start_date nulls last;
