-- description: A page of the releases tagged with a portfolio, newest first.
with own as (
    select distinct bridge.release_id
    from core.bridge_release_portfolio as bridge
    where bridge.portfolio_id = $portfolio_id
)

select
    fact_release.release_id,
    fact_release.title,
    fact_release.nz_date,
    fact_release.minister_names as ministers
from own
inner join core.fact_release using (release_id)
order by fact_release.nz_date desc nulls last, fact_release.release_id asc
limit $most offset $skipped
