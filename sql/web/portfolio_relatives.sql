-- description: What a portfolio became, what it came from, and the others of its family.
select
    'before' as relation,
    dim_portfolio.portfolio_id,
    dim_portfolio.portfolio_name,
    portfolio_successor.link,
    portfolio_successor.certainty,
    portfolio_successor.reason
from core.portfolio_successor
inner join core.dim_portfolio using (portfolio_id)
where portfolio_successor.successor_id = $portfolio_id
union all
select
    'after' as relation,
    dim_portfolio.portfolio_id,
    dim_portfolio.portfolio_name,
    portfolio_successor.link,
    portfolio_successor.certainty,
    portfolio_successor.reason
from core.portfolio_successor
inner join core.dim_portfolio
    on portfolio_successor.successor_id = dim_portfolio.portfolio_id
where portfolio_successor.portfolio_id = $portfolio_id
union all
select
    'family' as relation,
    other.portfolio_id,
    other.portfolio_name,
    null as link,
    null as certainty,
    null as reason
from core.dim_portfolio
inner join core.dim_portfolio as other using (family_id)
where dim_portfolio.portfolio_id = $portfolio_id and other.portfolio_id <> $portfolio_id
order by relation, portfolio_name
