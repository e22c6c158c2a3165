-- description: Printed names that no seed knows, with the evidence for a decision; nothing is lost while they wait.
-- grain: name_kind, printed_as
-- example: select printed_as, nearest_name, credited_with from names_to_review where name_kind = 'minister'
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
