-- description: Every printed tag, sorted in the order of core.fact_release.
insert into core.bridge_release_portfolio by name
select
    tag.release_id,
    tag.position,
    tag.portfolio_id,
    tag.tagged_as,
    tag.role,
    tag.delegation,
    tag.rule,
    tag.share
from work.tag
inner join core.fact_release using (release_id)
inner join core.dim_portfolio using (portfolio_id)
order by fact_release.published_date_id, tag.release_id, tag.position;
