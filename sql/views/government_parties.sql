-- description: The parties of each government: the leading party, its partners in coalition, and the parties whose
--     votes supported it.
-- grain: government_id, party_name, part_start_date
-- example: select government_name, party_name, kind, part_start_date, part_end_date from government_parties
-- column government_id: Id of the government, such as `fifth-labour`.
-- column government_name: Name of the government, such as `Fifth Labour Government`.
-- column party_name: Short name of the party, such as `NZ First`; `Independent` for members without a party.
-- column kind: Part of the party in the government: lead; coalition (with ministers in Cabinet); support (confidence
--     and supply, with or without ministers outside Cabinet); cooperation (an agreement that falls short of support).
-- column part_start_date: First day of this part.
-- column part_end_date: Last day of this part; NULL while it lasts.
-- column certainty: How well the row is supported: two_sources, one_source, archive (releases alone), disputed (the
--     sources differ) or unconfirmed (general knowledge alone).
-- column source: Short names of the sources, separated by '; '; `release:` and an id for a release. seeds/README.md
--     explains them.
-- column reason: What the sources say, and what is in doubt.
create or replace view main.government_parties as
select
    government_party.government_id,
    dim_government.government_name,
    dim_party.party_name,
    government_party.kind,
    government_party.start_date as part_start_date,
    government_party.end_date as part_end_date,
    government_party.certainty,
    government_party.source,
    government_party.reason
from core.government_party
inner join core.dim_government using (government_id)
inner join core.dim_party using (party_id)
order by dim_government.start_date, government_party.start_date, dim_party.party_name;
