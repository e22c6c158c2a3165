-- description: Every version of every release file in the archive: what it held, from when to when, and what changed. A
--     file that was renamed continues under its new id.
-- grain: source_path, revision_number
-- files: by year of source_path
-- warning: A version in the archive is not a version on the site: the archive is synced hourly, and its first commit
--     holds many years.
-- example: select release_id, valid_from_at, is_body_changed from release_history order by valid_from_at desc limit 5
-- column release_id: Id that a release at this path has, also if this version broke a rule and never was a release.
-- column source_path: Path of the file in the archive while this version was current.
-- column revision_number: Number of the version at its path; 1 is the first.
-- column change: How the version came about: added, edited, renamed (the file moved here, changed or not) or restored
--     (it had been removed before).
-- column previous_path: Earlier path of a renamed file; NULL for any other change.
-- column valid_from_at: Time when the version appeared, UTC; when the source is a directory, the time when a refresh
--     first saw it.
-- column valid_to_at: Time when the version ended, UTC; NULL while it is current.
-- column valid_from_commit: Git's hash of the commit that created the version; NULL when the source is a directory.
-- column valid_to_commit: Git's hash of the commit that ended the version; NULL while it is current, and when the
--     source is a directory.
-- column ended_by: What ended the version: edited, renamed or removed; NULL while it is current.
-- column is_current: True if the version is in the loaded state of the archive.
-- column revision_title: Title of the release, as printed; NULL if the version breaks a rule and never was a release.
-- column revision_published_date: Date printed in the front matter; NULL if none is printed or the version breaks a
--     rule.
-- column revision_ministers: Names of ministers as printed, separated by '; '; NULL if none is printed or the version
--     breaks a rule.
-- column revision_portfolios: Portfolio tags as printed, separated by '; '; NULL if none is printed or the version
--     breaks a rule.
-- column revision_word_count: Number of words in the cleaned text (runs of letters, digits and underscores); NULL if
--     the version breaks a rule.
-- column is_title_changed: True if the title differs from the version before; NULL if there is none or it was not a
--     release.
-- column is_date_changed: True if the printed date differs from the version before; NULL if there is none or it was not
--     a release.
-- column is_ministers_changed: True if the printed ministers or their order differ from the version before; NULL if
--     there is none or it was not a release.
-- column is_portfolios_changed: True if the printed portfolios or their order differ from the version before; NULL if
--     there is none or it was not a release.
-- column is_body_changed: True if the text differs from the version before in any character; NULL if there is none or
--     it was not a release.
-- column word_added_count: Number of words that the version before did not have, or had fewer times; additive; NULL if
--     there is none or it was not a release.
-- column word_removed_count: Number of words of the version before that are gone, or are there fewer times; additive;
--     NULL if there is none or it was not a release.
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
    title as revision_title,
    published_date as revision_published_date,
    ministers as revision_ministers,
    portfolios as revision_portfolios,
    word_count as revision_word_count,
    is_title_changed,
    is_date_changed,
    is_ministers_changed,
    is_portfolios_changed,
    is_body_changed,
    word_added_count,
    word_removed_count
from core.release_revision
order by source_path, revision_number;
