-- description: Printed names that no seed knows, with the evidence for a decision, which `beehive review` records.
--     Their releases are loaded meanwhile.
-- grain: name_kind, printed_as
-- example: select printed_as, nearest_name, credited_with from names_to_review where name_kind = 'minister'
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
create or replace view main.names_to_review as
select
    name_kind,
    printed_as,
    member_id,
    rule,
    reason,
    release_count,
    first_release_date,
    last_release_date,
    first_seen_at,
    nearest_id,
    nearest_name,
    similarity,
    credited_with,
    example_release_id
from meta.name_review
order by name_kind, release_count desc, printed_as;
