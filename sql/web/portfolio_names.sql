-- description: The names by which releases tag a portfolio, most used first.
select
    tagged_as,
    release_count
from core.portfolio_alias
where portfolio_id = $portfolio_id
order by release_count desc, tagged_as
