-- description: Everybody credited with releases, with the parties and governments that they were in.
with credited as (
    select distinct
        bridge.minister_id,
        bridge.party_id,
        bridge.release_id,
        fact_release.government_id
    from core.bridge_release_minister as bridge
    inner join core.fact_release using (release_id)
    where not bridge.is_out_of_government
)

select
    dim_minister.minister_id,
    dim_minister.minister_name,
    dim_minister.sort_name,
    dim_minister.kind,
    dim_minister.is_provisional,
    dim_minister.first_release_date,
    dim_minister.last_release_date,
    count(distinct credited.release_id) as release_count,
    list(distinct dim_party.party_name order by dim_party.party_name)
    filter (where credited.party_id not in ('unknown', 'nobody')) as parties,
    list(distinct credited.government_id) filter (where credited.government_id <> 'unknown') as government_ids
from credited
inner join core.dim_minister using (minister_id)
inner join core.dim_party using (party_id)
where dim_minister.is_person
group by all
order by dim_minister.sort_name
