-- description: Pairs of releases whose texts differ and that are one statement: copies with corrections, and joint
--     statements that were reworked for each minister. Both are dated within three days of each other. Series, such as
--     the same announcement for other places or sums, are left out.
-- grain: release_id, near_release_id
-- references: release_id in core.fact_release
-- warning: A release is compared with at most five others, so that a large statement does not have a row for each of
--     its pairs: take the releases of a statement from core.fact_release.statement_id.
-- column release_id: Id of the release whose id sorts first of the two; joins to releases and core.fact_release.
-- column near_release_id: Id of the other release, whose id sorts second.
-- column rule: Why the two are one statement: same_title (the same title and most of the text), other_ministers (most
--     of the text, on one day, by other ministers) or near_copy (nearly the whole text).
-- column shared_share: Share of the runs of five words in the shorter text that the other text has, 0 to 1.
-- column similarity: Share of all runs of five words in either text that both have (Jaccard similarity), 0 to 1.
-- column statement_id: Id of the statement: the id of its earliest release.
create table core.statement_link (
    release_id varchar not null,
    near_release_id varchar not null,
    rule varchar not null,
    shared_share double not null,
    similarity double not null,
    statement_id varchar not null,
    primary key (release_id, near_release_id),
    check (release_id < near_release_id),
    check (rule in ('same_title', 'other_ministers', 'near_copy')),
    check (shared_share between 0.6 and 1),
    check (similarity between 0 and shared_share)
);
