-- description: What each minister published in each year; undated releases are left out.
-- grain: minister_id, year
-- column minister_id: Joins to ministers.
-- column minister_name: Display name, without honorifics.
-- column year: Calendar year of nz_date.
-- column release_count: Releases credited to them, each once; additive over years, not over ministers.
-- column distinct_release_count: Of those, each text once: copies of a joint statement count as one. Not
--     additive: the copies may stand on two rows.
-- column sole_release_count: Of those, credited to nobody else; additive.
-- column joint_release_count: Of those, credited to others too; additive over years, not over ministers.
-- column release_share: Their part of the year's releases when a joint one is shared equally; additive.
-- column year_rank: 1 for whoever was credited with most releases that year; equal counts share a rank.
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
    counted.sole_release_count,
    counted.joint_release_count,
    counted.release_share,
    rank() over (partition by counted.year order by counted.release_count desc) as year_rank
from counted
inner join core.dim_minister using (minister_id)
order by counted.year, year_rank, counted.minister_id;
