-- description: Parties of the governments from the seed.
-- scope: whole
insert into core.government_party by name
select government_parties.* -- noqa: AM04
from seeds.government_parties
inner join core.dim_government using (government_id)
inner join core.dim_party using (party_id)
order by government_id, party_id, government_parties.start_date;
