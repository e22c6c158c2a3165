-- description: Spells in a party from the seed.
-- scope: whole
insert into core.party_membership by name
select party_memberships.* -- noqa: AM04
from seeds.party_memberships
inner join core.dim_minister using (minister_id)
inner join core.dim_party using (party_id)
order by minister_id, party_memberships.start_date nulls first;
