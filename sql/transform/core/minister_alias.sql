-- description: The decision on each printed name of a minister, and where the name was seen.
-- scope: whole
insert into core.minister_alias by name
with seen as (
    select
        bridge.credited_as,
        count(distinct bridge.release_id) as release_count,
        min(fact_release.published_date) as first_release_date,
        max(fact_release.published_date) as last_release_date
    from core.bridge_release_minister as bridge
    inner join core.fact_release using (release_id)
    where bridge.credited_as is not null
    group by bridge.credited_as
)

select
    decision.credited_as,
    dim_minister.minister_id,
    decision.rule,
    decision.reason,
    seen.release_count,
    seen.first_release_date,
    seen.last_release_date
from work.minister_decision as decision
inner join core.dim_minister using (minister_id)
inner join seen using (credited_as)
order by decision.credited_as;
