-- description: Releases per calendar year of nz_date; undated releases are left out.
-- grain: year
-- column year: Calendar year.
-- column release_count: Files, twins counted apart; additive.
-- column distinct_release_count: Of those, each text once: copies of a joint statement count as one. Not
--     additive: the copies may stand on two rows.
-- column joint_release_count: Of those, credited to two people or more; additive.
-- column joint_share: joint_release_count as a part of release_count, 0 to 1; not additive.
-- column minister_count: Different people credited; not additive.
-- column portfolio_count: Different portfolios tagged; not additive.
-- column word_count: Words; additive.
-- column first_date: Earliest nz_date of the year: the archive begins on 1996-02-25.
-- column last_date: Latest nz_date of the year.
create or replace view main.releases_by_year as
with releases as (
    select
        dim_date.year,
        count(*) as release_count,
        count(distinct fact_release.twin_group_id) as distinct_release_count,
        count(*) filter (where fact_release.minister_count > 1) as joint_release_count,
        sum(fact_release.word_count)::bigint as word_count,
        min(fact_release.nz_date) as first_date,
        max(fact_release.nz_date) as last_date
    from core.fact_release
    inner join core.dim_date
        on fact_release.nz_date_id = dim_date.date_id
    where dim_date.year is not null
    group by dim_date.year
),

ministers as (
    select
        dim_date.year,
        count(distinct bridge.minister_id) as minister_count
    from core.bridge_release_minister as bridge
    inner join core.dim_minister using (minister_id)
    inner join core.fact_release using (release_id)
    inner join core.dim_date
        on fact_release.nz_date_id = dim_date.date_id
    where dim_minister.is_person and not bridge.is_out_of_government
    group by dim_date.year
),

portfolios as (
    select
        dim_date.year,
        count(distinct bridge.portfolio_id) as portfolio_count
    from core.bridge_release_portfolio as bridge
    inner join core.dim_portfolio using (portfolio_id)
    inner join core.fact_release using (release_id)
    inner join core.dim_date
        on fact_release.nz_date_id = dim_date.date_id
    where dim_portfolio.is_portfolio
    group by dim_date.year
)

select
    releases.year,
    releases.release_count,
    releases.distinct_release_count,
    releases.joint_release_count,
    releases.joint_release_count / releases.release_count as joint_share,
    coalesce(ministers.minister_count, 0) as minister_count,
    coalesce(portfolios.portfolio_count, 0) as portfolio_count,
    releases.word_count,
    releases.first_date,
    releases.last_date
from releases
left join ministers using (year)
left join portfolios using (year)
order by releases.year;
