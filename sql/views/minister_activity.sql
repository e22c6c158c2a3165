-- description: How much each minister published in each calendar year of nz_date; undated releases are left out.
-- grain: minister_id, year
-- warning: A joint release counts for each of its ministers: do not add release_count over ministers.
-- column minister_id: Id of the minister, such as `winston-peters`; joins to ministers.
-- column minister_name: Display name of the minister, without honorifics.
-- column year: Calendar year of nz_date.
-- column release_count: Number of releases credited to the minister; additive over years, not over ministers.
-- column distinct_release_count: Number of different texts credited to the minister: copies of a joint statement count
--     once; not additive.
-- column statement_count: Number of statements credited to the minister: copies and reworked texts of a statement count
--     once; not additive.
-- column sole_release_count: Number of releases credited to the minister alone; additive.
-- column joint_release_count: Number of releases credited to the minister together with others; additive over years,
--     not over ministers.
-- column release_share: Number of releases when each joint release is divided equally between its ministers; additive.
-- column year_rank: Rank of the minister by release_count within the year, where 1 has most; equal counts share a rank.
create or replace view main.minister_activity as
with credited as (
    select
        bridge.minister_id,
        bridge.release_id,
        sum(bridge.share) as release_share
    from core.bridge_release_minister as bridge
    inner join core.dim_minister using (minister_id)
    where dim_minister.is_person and not bridge.is_out_of_government
    group by bridge.minister_id, bridge.release_id
),

counted as (
    select
        credited.minister_id,
        dim_date.year,
        count(*) as release_count,
        count(distinct fact_release.twin_group_id) as distinct_release_count,
        count(distinct fact_release.statement_id) as statement_count,
        count(*) filter (where fact_release.minister_count = 1) as sole_release_count,
        count(*) filter (where fact_release.minister_count > 1) as joint_release_count,
        round(sum(credited.release_share), 6) as release_share
    from credited
    inner join core.fact_release using (release_id)
    inner join core.dim_date
        on fact_release.nz_date_id = dim_date.date_id
    where dim_date.year is not null
    group by credited.minister_id, dim_date.year
)

select
    counted.minister_id,
    dim_minister.minister_name,
    counted.year,
    counted.release_count,
    counted.distinct_release_count,
    counted.statement_count,
    counted.sole_release_count,
    counted.joint_release_count,
    counted.release_share,
    rank() over (partition by counted.year order by counted.release_count desc) as year_rank
from counted
inner join core.dim_minister using (minister_id)
order by counted.year, year_rank, counted.minister_id;
