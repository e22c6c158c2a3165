-- description: Pairs of releases dated within three days of each other whose texts are nearly the same: corrected
--     copies, and joint statements with another first line. Releases with exactly the same text are in
--     core.twin_group.
-- grain: release_id, near_release_id
-- references: release_id in core.fact_release
-- column release_id: Id of the release whose id sorts first of the two; joins to releases and core.fact_release.
-- column near_release_id: Id of the other release, whose id sorts second.
-- column similarity: Share of all runs of five words in either text that both have (Jaccard similarity), 0.9 to 1.
create table core.near_twin (
    release_id varchar not null,
    near_release_id varchar not null,
    similarity double not null,
    primary key (release_id, near_release_id),
    check (release_id < near_release_id),
    check (similarity between 0.9 and 1)
);
