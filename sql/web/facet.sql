-- description: Every value by which a search can be narrowed, with the releases that have it.
select
    'minister' as kind,
    bridge.minister_id as value_id,
    dim_minister.minister_name as value_name,
    fact_release.search_number
from core.bridge_release_minister as bridge
inner join core.dim_minister using (minister_id)
inner join core.fact_release using (release_id)
where dim_minister.is_person and not bridge.is_out_of_government
union
select
    'party' as kind,
    dim_party.party_id as value_id,
    dim_party.party_name as value_name,
    fact_release.search_number
from core.bridge_release_minister as bridge
inner join core.dim_minister using (minister_id)
inner join core.dim_party using (party_id)
inner join core.fact_release using (release_id)
where dim_minister.is_person and not bridge.is_out_of_government
union
select
    'portfolio' as kind,
    bridge.portfolio_id as value_id,
    dim_portfolio.portfolio_name as value_name,
    fact_release.search_number
from core.bridge_release_portfolio as bridge
inner join core.dim_portfolio using (portfolio_id)
inner join core.fact_release using (release_id)
where bridge.position > 0
union all
select
    'government' as kind,
    fact_release.government_id as value_id,
    dim_government.government_name as value_name,
    fact_release.search_number
from core.fact_release
inner join core.dim_government using (government_id)
union all
select
    'year' as kind,
    coalesce(year(nz_date)::varchar, 'unknown') as value_id,
    coalesce(year(nz_date)::varchar, 'No date') as value_name,
    search_number
from core.fact_release
union all
select
    'place' as kind,
    release_place.place_id as value_id,
    dim_place.place_name as value_name,
    release_place.search_number
from core.release_place
inner join core.dim_place using (place_id)
