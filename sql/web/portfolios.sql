-- description: Portfolios and other tags of releases, with how often they are used.
with tagged as (
    select
        bridge.portfolio_id,
        count(distinct bridge.release_id) as release_count
    from core.bridge_release_portfolio as bridge
    group by bridge.portfolio_id
)

select
    dim_portfolio.portfolio_id,
    dim_portfolio.portfolio_name,
    dim_portfolio.kind,
    dim_portfolio.sector,
    dim_portfolio.is_provisional,
    dim_portfolio.first_release_date,
    dim_portfolio.last_release_date,
    coalesce(tagged.release_count, 0) as release_count
from core.dim_portfolio
left join tagged using (portfolio_id)
where dim_portfolio.is_portfolio
order by dim_portfolio.portfolio_name
