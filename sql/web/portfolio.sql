-- description: A portfolio or another tag; no row if there is none.
select
    portfolio_id,
    portfolio_name,
    kind,
    sector,
    is_provisional,
    first_release_date,
    last_release_date
from core.dim_portfolio
where portfolio_id = $portfolio_id and is_portfolio
