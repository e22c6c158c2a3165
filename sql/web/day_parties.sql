-- description: The parties of the government on a day, and their part in it: those that led, then the others.
select
    dim_party.party_name,
    government_party.kind
from core.government_party
inner join core.dim_party using (party_id)
where $day::date between government_party.start_date and coalesce(government_party.end_date, 'infinity'::date)
order by
    list_position(['lead', 'coalition', 'support', 'cooperation'], government_party.kind),
    dim_party.party_name
