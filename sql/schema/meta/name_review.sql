-- description: Printed names that no seed knows, with the evidence for a decision, which `beehive review` records.
-- grain: name_kind, printed_as
-- column name_kind: Kind of name: minister or portfolio.
-- column printed_as: Name or tag as printed in the front matter.
-- column member_id: Id of the provisional minister or portfolio created for the name, or `unresolved`.
-- column rule: Result of the automatic rules: provisional (the name got an entry of its own) or unresolved.
-- column reason: Why the name awaits review.
-- column release_count: Number of releases that print the name.
-- column first_release_date: Earliest nz_date of the releases that print the name; NULL if all are undated.
-- column last_release_date: Latest nz_date of the releases that print the name; NULL if all are undated.
-- column first_seen_at: Time when the archive first held a release that prints the name, UTC; NULL if the source keeps
--     no history.
-- column nearest_id: Id of the known minister or portfolio with the nearest name, as a proposal that is never applied;
--     NULL if none is near.
-- column nearest_name: Name of the known minister or portfolio that is nearest; NULL if none is near.
-- column similarity: Similarity of the printed name and nearest_name, 75 to 100; NULL if no known name is near.
-- column credited_with: Names found on the same releases (portfolios for a minister, ministers for a portfolio), most
--     frequent first, at most five, separated by '; '; NULL if none.
-- column example_release_id: Id of the latest release that prints the name.
create table meta.name_review (
    name_kind varchar not null,
    printed_as varchar not null,
    member_id varchar not null,
    rule varchar not null,
    reason varchar not null,
    release_count bigint not null,
    first_release_date date,
    last_release_date date,
    first_seen_at timestamp,
    nearest_id varchar,
    nearest_name varchar,
    similarity double,
    credited_with varchar,
    example_release_id varchar not null,
    primary key (name_kind, printed_as),
    check (name_kind in ('minister', 'portfolio')),
    check (rule in ('provisional', 'unresolved'))
);
