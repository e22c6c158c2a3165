-- description: The decision on each printed minister string, with where it was seen.
insert into core.minister_alias by name
select
    decision.credited_as,
    dim_minister.minister_id,
    decision.rule,
    decision.reason,
    printed_minister.release_count,
    printed_minister.first_date as first_release_date,
    printed_minister.last_date as last_release_date
from work.minister_decision as decision
inner join core.dim_minister using (minister_id)
inner join staging.printed_minister
    on decision.credited_as = printed_minister.printed
order by decision.credited_as;
