-- description: The parties of a person, earliest first.
select
    party_name,
    membership_start_date,
    membership_end_date,
    certainty,
    source
from main.party_memberships
where minister_id = $minister_id
order by membership_start_date nulls first
