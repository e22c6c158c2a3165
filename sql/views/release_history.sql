-- description: Every version of every release in the archive: from when to when it stood, and what changed. A file
--     that was renamed goes on under its new id.
-- grain: source_path, revision_number
-- warning: A version in the archive is not a version on the site: the archive is synced hourly, and its first commit
--     holds years. Versions whose file breaks a rule have no title.
-- example: select release_id, valid_from_at, is_body_changed from release_history order by valid_from_at desc limit 5
-- column release_id: Id that a release of this path has.
-- column source_path: Path in the archive while this version stood.
-- column revision_number: 1 is the first version at the path.
-- column change: How the version came: added, edited, renamed or restored.
-- column previous_path: Where a renamed file stood; NULL otherwise.
-- column valid_from_at: Since when it stood, UTC; for a directory when a refresh first saw it.
-- column valid_to_at: Until when, UTC; NULL while it stands.
-- column valid_from_commit: Commit that brought it; NULL for a directory.
-- column valid_to_commit: Commit that ended it; NULL while it stands, and for a directory.
-- column ended_by: edited, renamed or removed; NULL while it stands.
-- column is_current: The version stands in the loaded state.
-- column title: As printed.
-- column published_date: As printed; NULL where none is.
-- column ministers: Names as printed, separated by '; '.
-- column portfolios: Tags as printed, separated by '; '.
-- column word_count: Words of the text.
-- column is_title_changed: Against the version before, as the five after it; NULL where there is none.
-- column is_date_changed: The printed date.
-- column is_ministers_changed: The printed names or their order.
-- column is_portfolios_changed: The printed tags or their order.
-- column is_body_changed: The text, by any character.
-- column word_added_count: Words that the version before had not, or fewer times; additive.
-- column word_removed_count: Words that this version has not any more, or fewer times; additive.
create or replace view main.release_history as
select
    case when starts_with(source_path, 'releases/') then '' else split_part(source_path, '/', 1) || '/' end
    || parse_filename(source_path, true) as release_id,
    source_path,
    revision_number,
    change,
    previous_path,
    valid_from_at,
    valid_to_at,
    valid_from_commit,
    valid_to_commit,
    ended_by,
    is_current,
    title,
    published_date,
    ministers,
    portfolios,
    word_count,
    is_title_changed,
    is_date_changed,
    is_ministers_changed,
    is_portfolios_changed,
    is_body_changed,
    word_added_count,
    word_removed_count
from core.release_revision
order by source_path, revision_number;
