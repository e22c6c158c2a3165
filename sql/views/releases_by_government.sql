-- description: Releases per government, by nz_date; undated releases are in the row `unknown`.
-- grain: government_id
-- example: select government_name, release_count, releases_per_day from releases_by_government
-- metric government_release_count: sum(release_count): Number of releases, every copy of a text counted; additive.
-- metric daily_release_count: sum(release_count) * 1.0 / sum(day_count): Releases per day covered by the archive; not
--     additive.
-- column government_id: Id of the government, such as `fifth-labour`; `unknown` for undated releases.
-- column government_name: Name of the government, such as `Fifth Labour Government`; Unknown for undated releases.
-- column prime_ministers: Names of the prime ministers in order of office, separated by '; '; NULL for the `unknown`
--     government.
-- column start_date: First day in office; NULL for the `unknown` government.
-- column end_date: Last day in office; NULL while in office, and for the `unknown` government.
-- column first_date: Earliest nz_date of the releases counted; NULL if all are undated.
-- column last_date: Latest nz_date of the releases counted; NULL if all are undated.
-- column release_count: Number of releases, every copy of a text counted; additive.
-- column distinct_release_count: Number of different texts among the releases: copies of a joint statement count once;
--     not additive.
-- column statement_count: Number of statements among the releases: copies and reworked texts of a statement count once;
--     not additive.
-- column joint_release_count: Number of releases that credit two people or more; additive.
-- column joint_share: Share of the releases that credit two people or more, 0 to 1; not additive.
-- column total_word_count: Number of words in the texts; additive.
-- column day_count: Number of days in office that the archive covers, without months of which it has no release;
--     additive; NULL for the `unknown` government.
-- column releases_per_day: Releases per day covered by the archive (release_count divided by day_count); not additive;
--     NULL for the `unknown` government.
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
    count(distinct fact_release.statement_id) as statement_count,
    count(*) filter (where fact_release.minister_count > 1) as joint_release_count,
    count(*) filter (where fact_release.minister_count > 1) / count(*) as joint_share,
    sum(fact_release.word_count)::bigint as total_word_count,
    any_value(covered.day_count) as day_count,
    count(*) / any_value(covered.day_count) as releases_per_day
from core.fact_release
inner join core.dim_government using (government_id)
left join covered using (government_id)
group by
    dim_government.government_id, dim_government.government_name, dim_government.prime_ministers,
    dim_government.start_date, dim_government.end_date
order by dim_government.start_date nulls last;
