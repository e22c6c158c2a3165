-- description: The parties of each government: the leading party, its partners in coalition, and the parties whose
--     votes supported it.
-- grain: government_id, party_id, start_date
-- column government_id: Id of the government, such as `fifth-labour`; joins to core.dim_government.
-- column party_id: Id of the party, such as `nz-first`; joins to core.dim_party.
-- column kind: Part of the party in the government: lead; coalition (with ministers in Cabinet); support (confidence
--     and supply, with or without ministers outside Cabinet); cooperation (an agreement that falls short of support).
-- column start_date: First day of this part.
-- column end_date: Last day of this part; NULL while it lasts.
-- column certainty: How well the row is supported: two_sources, one_source, archive (releases alone), disputed (the
--     sources differ) or unconfirmed (general knowledge alone).
-- column source: Short names of the sources, separated by '; '; `release:` and an id for a release. seeds/README.md
--     explains them.
-- column reason: What the sources say, and what is in doubt.
create table core.government_party (
    government_id varchar not null references core.dim_government (government_id),
    party_id varchar not null references core.dim_party (party_id),
    kind varchar not null,
    start_date date not null,
    end_date date,
    certainty varchar not null,
    source varchar not null,
    reason varchar not null,
    primary key (government_id, party_id, start_date),
    check (end_date is null or end_date >= start_date),
    check (kind in ('lead', 'coalition', 'support', 'cooperation'))
);
