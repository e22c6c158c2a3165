-- description: Which party each person was in, and when. A spell ends when the person changed or left the party, not
--     when they left Parliament.
-- grain: minister_id, start_date
-- warning: Spells before 1996 are left out, and changes of party after the last office of a person can be missing.
-- column minister_id: Id of the person, such as `winston-peters`; joins to ministers and core.dim_minister.
-- column party_id: Id of the party, such as `nz-first`; joins to core.dim_party.
-- column start_date: Earliest known day in the party, which for many is that of their election; NULL if the person is
--     not known to have been in another party before.
-- column end_date: Last known day in the party; NULL if the person is not known to have left it.
-- column certainty: How well the spell is supported: two_sources, one_source, archive (releases alone), disputed (the
--     sources differ) or unconfirmed (general knowledge alone).
-- column source: Short names of the sources, separated by '; '; `release:` and an id for a release. seeds/README.md
--     explains them.
-- column reason: What the sources say, and what is in doubt.
create table core.party_membership (
    minister_id varchar not null references core.dim_minister (minister_id),
    party_id varchar not null references core.dim_party (party_id),
    start_date date,
    end_date date,
    certainty varchar not null,
    source varchar,
    reason varchar not null,
    unique (minister_id, start_date),
    check (end_date is null or end_date >= start_date),
    check (certainty in ('two_sources', 'one_source', 'archive', 'disputed', 'unconfirmed'))
);
