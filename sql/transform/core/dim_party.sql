-- description: Parties from the seed, and a row for each reason why a credit has no party.
-- scope: whole
insert into core.dim_party by name
with members as (
    select * exclude (reason)
    from seeds.parties

    union all by name

    select
        unnest(['unknown', 'nobody']) as party_id,
        unnest(['(unknown)', '(nobody)']) as party_name,
        party_name as full_name,
        unnest(['#D9D9D9', '#F0F0F0']) as colour
)

select
    members.*, -- noqa: AM04
    members.party_id not in ('independent', 'unknown', 'nobody') as is_party
from members
order by members.party_id;
