-- description: The decision on each printed portfolio tag, with where it was seen.
insert into core.portfolio_alias by name
select
    decision.tagged_as,
    dim_portfolio.portfolio_id,
    decision.role,
    decision.delegation,
    decision.rule,
    decision.reason,
    printed_portfolio.release_count,
    printed_portfolio.first_date as first_release_date,
    printed_portfolio.last_date as last_release_date
from work.portfolio_decision as decision
inner join core.dim_portfolio using (portfolio_id)
inner join staging.printed_portfolio
    on decision.tagged_as = printed_portfolio.printed
order by decision.tagged_as;
