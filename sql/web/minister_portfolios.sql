-- description: The portfolios in which each person made releases, as far as that can be shown, most first.
select
    attribution.minister_id,
    attribution.portfolio_id,
    dim_portfolio.portfolio_name,
    count(distinct attribution.release_id) as release_count,
    min(fact_release.nz_date) as first_release_date,
    max(fact_release.nz_date) as last_release_date
from core.attribution
inner join core.dim_portfolio using (portfolio_id)
inner join core.fact_release using (release_id)
group by all
order by release_count desc, dim_portfolio.portfolio_name
