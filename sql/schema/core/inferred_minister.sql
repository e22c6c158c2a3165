-- description: People named in the text of a release that is credited to nobody: an offer, apart from the printed
--     credits and never mixed with them.
-- grain: release_id, minister_id
-- references: release_id in core.fact_release
-- column release_id: The release.
-- column minister_id: A person in office then whose full name, or a known other name, stands in the text.
-- column method: full_name or alias.
-- column mention_count: How often the name stands in the text.
-- column position: Order in which the people of the release are first named, from 1.
create table core.inferred_minister (
    release_id varchar not null,
    minister_id varchar not null references core.dim_minister (minister_id),
    method varchar not null,
    mention_count bigint not null,
    position integer not null,
    primary key (release_id, minister_id),
    check (method in ('full_name', 'alias')),
    check (mention_count > 0)
);
