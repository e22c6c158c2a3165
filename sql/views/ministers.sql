-- description: Everyone a release is credited to, with their place in the archive.
-- grain: minister_id
-- metric minister_count: count(minister_id): People ever credited; additive.
-- column minister_id: Readable and durable, such as `winston-peters`.
-- column minister_name: Display name, without honorifics.
-- column sort_name: Surname first.
-- column honorific: As last held; NULL where none is known.
-- column kind: minister, under-secretary, spokesperson or provisional (awaits review).
-- column release_count: Releases credited to them, each once; not additive over ministers (joint releases).
-- column distinct_release_count: Of those, each text once: copies of a joint statement count as one. Not
--     additive: the copies may stand on two rows.
-- column joint_release_count: Of those, credited to others too.
-- column release_share: Their part of all releases when a joint one is shared equally; additive.
-- column portfolio_count: Different portfolios on the releases of which they are the only minister.
-- column first_release_date: Earliest nz_date of those; NULL where none is dated.
-- column last_release_date: Latest nz_date of those; NULL where none is dated.
-- column span_days: Days from the first to the last; NULL where none is dated. Not the days in office.
-- column year_count: Calendar years with a release credited to them; not additive.
create or replace view main.ministers as
with credited as (
    select
        bridge.minister_id,
        bridge.release_id,
        sum(bridge.share) as release_share
    from core.bridge_release_minister as bridge
    where not bridge.is_out_of_government
    group by bridge.minister_id, bridge.release_id
),

counted as (
    select
        credited.minister_id,
        count(*) as release_count,
        count(distinct fact_release.twin_group_id) as distinct_release_count,
        count(*) filter (where fact_release.minister_count > 1) as joint_release_count,
        round(sum(credited.release_share), 6) as release_share,
        count(distinct year(fact_release.nz_date)) as year_count
    from credited
    inner join core.fact_release using (release_id)
    group by credited.minister_id
),

portfolios as (
    select
        bridge_release_minister.minister_id,
        count(distinct bridge_release_portfolio.portfolio_id) as portfolio_count
    from core.fact_release
    inner join core.bridge_release_minister using (release_id)
    inner join core.bridge_release_portfolio using (release_id)
    inner join core.dim_portfolio using (portfolio_id)
    where
        fact_release.minister_count = 1
        and dim_portfolio.is_portfolio
        and not bridge_release_minister.is_out_of_government
    group by bridge_release_minister.minister_id
)

select
    dim_minister.minister_id,
    dim_minister.minister_name,
    dim_minister.sort_name,
    dim_minister.honorific,
    dim_minister.kind,
    counted.release_count,
    counted.distinct_release_count,
    counted.joint_release_count,
    counted.release_share,
    coalesce(portfolios.portfolio_count, 0) as portfolio_count,
    dim_minister.first_release_date,
    dim_minister.last_release_date,
    dim_minister.last_release_date - dim_minister.first_release_date as span_days,
    counted.year_count
from core.dim_minister
inner join counted using (minister_id)
left join portfolios using (minister_id)
where dim_minister.is_person
order by dim_minister.sort_name;
