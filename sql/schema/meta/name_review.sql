-- description: Printed names that no seed knows, with the evidence for a decision; `beehive review` takes it.
-- grain: name_kind, printed_as
-- column name_kind: minister or portfolio.
-- column printed_as: The string as printed.
-- column member_id: The provisional member it was given, or `unresolved`.
-- column rule: provisional or unresolved.
-- column reason: Why it awaits review.
-- column release_count: Releases that print it.
-- column first_release_date: Earliest day of those; NULL where none is dated.
-- column last_release_date: Latest day of those; NULL where none is dated.
-- column first_seen_at: When the archive first held one of them, UTC; NULL where the source keeps no history.
-- column nearest_id: Member whose name is nearest, if one is near: a proposal, never applied.
-- column nearest_name: Its name.
-- column similarity: Of the two names, 75 to 100.
-- column credited_with: For a minister the portfolios, for a portfolio the ministers of those releases, the most
--     frequent first, at most five, separated by '; '.
-- column example_release_id: The latest release that prints it.
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
