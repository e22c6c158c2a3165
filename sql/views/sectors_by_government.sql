-- description: What each government talks about: its releases by the sector of their portfolios. A release with several
--     tags is divided equally between them, so that the shares of a government sum to 1. Undated releases are left out.
-- grain: government_id, sector
-- example: select sector, sector_share from sectors_by_government where government_id = 'fifth-labour'
-- column government_id: Id of the government in office on nz_date, such as `fifth-labour`.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`.
-- column sector: One of 19 sectors; (none) for releases without a portfolio and for portfolios that await review.
-- column release_count: Number of releases with a portfolio of the sector; not additive over sectors.
-- column release_share: Number of releases when each release is divided equally between its tags; additive.
-- column sector_share: Share of the government's releases that falls to the sector, 0 to 1; additive over sectors.
create or replace view main.sectors_by_government as
with shared as (
    select
        fact_release.government_id,
        coalesce(dim_portfolio.sector, '(none)') as sector,
        count(distinct fact_release.release_id) filter (where bridge.share > 0) as release_count,
        round(sum(bridge.share), 6) as release_share
    from core.bridge_release_portfolio as bridge
    inner join core.fact_release using (release_id)
    inner join core.dim_portfolio using (portfolio_id)
    where fact_release.nz_date is not null
    group by fact_release.government_id, coalesce(dim_portfolio.sector, '(none)')
)

select
    shared.government_id,
    dim_government.government_name,
    shared.sector,
    shared.release_count,
    shared.release_share,
    round(
        shared.release_share / sum(shared.release_share) over (partition by shared.government_id), 6
    ) as sector_share
from shared
inner join core.dim_government using (government_id)
order by dim_government.start_date, shared.release_share desc, shared.sector;
