-- description: The decision on each printed portfolio tag, and where the tag was seen.
-- scope: whole
insert into core.portfolio_alias by name
with seen as (
    select
        bridge.tagged_as,
        count(distinct bridge.release_id) as release_count,
        min(fact_release.published_date) as first_release_date,
        max(fact_release.published_date) as last_release_date
    from core.bridge_release_portfolio as bridge
    inner join core.fact_release using (release_id)
    where bridge.tagged_as is not null
    group by bridge.tagged_as
)

select
    decision.tagged_as,
    dim_portfolio.portfolio_id,
    decision.role,
    decision.delegation,
    decision.rule,
    decision.reason,
    seen.release_count,
    seen.first_release_date,
    seen.last_release_date
from work.portfolio_decision as decision
inner join core.dim_portfolio using (portfolio_id)
inner join seen using (tagged_as)
order by decision.tagged_as;
