-- description: What releases are tagged with, as printed and as resolved, by the number of the release.
select
    fact_release.search_number,
    bridge.position,
    bridge.tagged_as,
    bridge.portfolio_id,
    dim_portfolio.portfolio_name,
    dim_portfolio.kind,
    bridge.role,
    bridge.rule
from core.bridge_release_portfolio as bridge
inner join core.fact_release using (release_id)
inner join core.dim_portfolio using (portfolio_id)
order by fact_release.search_number, bridge.position
