-- description: Pairs of releases within three days whose texts are nearly the same: corrected copies and joint
--     statements with another first line. Twins of the same text are in twin_group.
-- grain: release_id, near_release_id
-- references: release_id in core.fact_release
-- column release_id: The release whose id sorts first.
-- column near_release_id: The other.
-- column similarity: Share of the runs of five words that the two have in common (Jaccard), 0.9 to 1.
create table core.near_twin (
    release_id varchar not null,
    near_release_id varchar not null,
    similarity double not null,
    primary key (release_id, near_release_id),
    check (release_id < near_release_id),
    check (similarity between 0.9 and 1)
);
