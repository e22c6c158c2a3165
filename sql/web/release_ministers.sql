-- description: Who releases are credited to, as printed and as resolved, by the number of the release.
select
    fact_release.search_number,
    bridge.position,
    bridge.credited_as,
    bridge.minister_id,
    dim_minister.minister_name,
    dim_party.party_name,
    dim_minister.is_person,
    bridge.is_out_of_government,
    bridge.rule
from core.bridge_release_minister as bridge
inner join core.fact_release using (release_id)
inner join core.dim_minister using (minister_id)
inner join core.dim_party using (party_id)
order by fact_release.search_number, bridge.position
