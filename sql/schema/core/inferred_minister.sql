-- description: People in office whom the text of a release names, for releases that credit nobody who was in office.
--     This is a suggestion, never mixed with the printed credits.
-- grain: release_id, minister_id
-- references: release_id in core.fact_release
-- column release_id: Id of the release; joins to releases and core.fact_release.
-- column minister_id: Id of a person who was in office on the date of the release and whose full name, or another
--     known name, is in the text; joins to ministers and core.dim_minister.
-- column method: How the text names the person: full_name, or alias (only another known name is printed).
-- column mention_count: Number of times that the text names the person; additive.
-- column position: Order in which the text first names the people of the release, counted from 1.
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
