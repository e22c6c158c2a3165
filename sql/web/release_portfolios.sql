-- description: What a release is tagged with, as printed and as resolved.
select
    bridge.position,
    bridge.tagged_as,
    bridge.portfolio_id,
    dim_portfolio.portfolio_name,
    dim_portfolio.kind,
    bridge.role,
    bridge.rule
from core.bridge_release_portfolio as bridge
inner join core.dim_portfolio using (portfolio_id)
where bridge.release_id = $release_id
