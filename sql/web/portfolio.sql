-- description: A portfolio or another tag; no row if there is none.
select
    portfolio_id,
    portfolio_name,
    kind,
    sector,
    is_provisional,
    first_release_date,
    last_release_date,
    (
        select count(distinct bridge.release_id)
        from core.bridge_release_portfolio as bridge
        where bridge.portfolio_id = $portfolio_id and bridge.role not in ('minister', 'none')
    ) as other_role_count
from core.dim_portfolio
where portfolio_id = $portfolio_id and is_portfolio
