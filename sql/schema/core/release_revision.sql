-- description: Every version of every release file: what it held, from when to when, and what changed. For a git
--     archive, the versions come from the main line of its history; for a directory, from what each refresh found.
-- grain: source_path, revision_number
-- files: by year of source_path
-- warning: A version in the archive is not a version on the site: the archive is synced hourly, and its first commit
--     holds many years.
-- column source_path: Path of the file in the archive while this version was current.
-- column revision_number: Number of the version at its path; 1 is the first.
-- column change: How the version came about: added, edited, renamed (the file moved here, changed or not) or restored
--     (it had been removed before).
-- column previous_path: Earlier path of a renamed file; NULL for any other change.
-- column source_blob: Git's hash of the file's content.
-- column valid_from_commit: Git's hash of the commit that created the version; NULL when the source is a directory.
-- column valid_from_number: Value of commit_number for the commit that created the version; NULL when the source is a
--     directory.
-- column valid_from_at: Time when the version appeared, UTC; when the source is a directory, the time when a refresh
--     first saw it.
-- column valid_to_commit: Git's hash of the commit that ended the version; NULL while it is current, and when the
--     source is a directory.
-- column valid_to_number: Value of commit_number for the commit that ended the version; NULL while it is current, and
--     when the source is a directory.
-- column valid_to_at: Time when the version ended, UTC; NULL while it is current.
-- column ended_by: What ended the version: edited, renamed or removed; NULL while it is current.
-- column is_current: True if the version is in the loaded state of the archive.
-- column title: Title of the release, as printed; NULL if the version breaks a rule and never was a release.
-- column published_date: Date printed in the front matter; NULL if none is printed or the version breaks a rule.
-- column ministers: Names of ministers as printed, separated by '; '; NULL if none is printed or the version breaks a
--     rule.
-- column portfolios: Portfolio tags as printed, separated by '; '; NULL if none is printed or the version breaks a
--     rule.
-- column word_count: Number of words in the cleaned text (runs of letters, digits and underscores); NULL if the
--     version breaks a rule.
-- column is_title_changed: True if the title differs from the version before; NULL if there is none or it was not a
--     release.
-- column is_date_changed: True if the printed date differs from the version before; NULL if there is none or it was
--     not a release.
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
create table core.release_revision (
    source_path varchar not null,
    revision_number integer not null,
    change varchar not null,
    previous_path varchar,
    source_blob varchar not null,
    valid_from_commit varchar,
    valid_from_number integer,
    valid_from_at timestamp not null,
    valid_to_commit varchar,
    valid_to_number integer,
    valid_to_at timestamp,
    ended_by varchar,
    is_current boolean not null,
    title varchar,
    published_date date,
    ministers varchar,
    portfolios varchar,
    word_count integer,
    is_title_changed boolean,
    is_date_changed boolean,
    is_ministers_changed boolean,
    is_portfolios_changed boolean,
    is_body_changed boolean,
    word_added_count integer,
    word_removed_count integer,
    check (change in ('added', 'edited', 'renamed', 'restored')),
    check (ended_by in ('edited', 'renamed', 'removed')),
    check ((change = 'renamed') = (previous_path is not null)),
    check (is_current = (ended_by is null)),
    check (is_current = (valid_to_at is null)),
    check (valid_to_at >= valid_from_at),
    check (valid_to_number > valid_from_number)
);
