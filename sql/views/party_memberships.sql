-- description: Which party each person was in, and when. A spell ends when the person changed or left the party, not
--     when they left Parliament.
-- grain: minister_id, membership_start_date
-- warning: Spells before 1996 are left out, and changes of party after the last office of a person can be missing.
-- example: select minister_name, party_name, membership_end_date from party_memberships where membership_end_date is
--     not null
-- column minister_id: Id of the person, such as `winston-peters`; joins to ministers.
-- column minister_name: Display name of the minister, without honorifics.
-- column party_name: Short name of the party, such as `NZ First`; `Independent` for members without a party.
-- column membership_start_date: Earliest known day in the party, which for many is that of their election; NULL if the
--     person is not known to have been in another party before.
-- column membership_end_date: Last known day in the party; NULL if the person is not known to have left it.
-- column certainty: How well the spell is supported: two_sources, one_source, archive (releases alone), disputed (the
--     sources differ) or unconfirmed (general knowledge alone).
-- column source: Short names of the sources, separated by '; '; `release:` and an id for a release. seeds/README.md
--     explains them.
-- column reason: What the sources say, and what is in doubt.
create or replace view main.party_memberships as
select
    party_membership.minister_id,
    dim_minister.minister_name,
    dim_party.party_name,
    party_membership.start_date as membership_start_date,
    party_membership.end_date as membership_end_date,
    party_membership.certainty,
    party_membership.source,
    party_membership.reason
from core.party_membership
inner join core.dim_minister using (minister_id)
inner join core.dim_party using (party_id)
order by dim_minister.sort_name, party_membership.start_date nulls first;
