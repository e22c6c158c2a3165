-- description: Every version of every file that can be a release: what it was, from when to when, and what changed.
--     Of a git archive, the main line of its history; of a directory, what the refreshes that looked at it found.
-- grain: source_path, revision_number
-- warning: A version in the archive is not a version on the site: the archive is synced hourly, and its first commit
--     holds years.
-- column source_path: Path in the archive while this version stood.
-- column revision_number: 1 is the first version at the path.
-- column change: How the version came: added, edited, renamed (the file moved here, changed or not) or restored (it
--     was gone before).
-- column previous_path: Where a renamed file stood; NULL otherwise.
-- column source_blob: Git's hash of the content.
-- column valid_from_commit: Commit that brought the version; NULL for a directory.
-- column valid_from_number: Its commit_number; NULL for a directory.
-- column valid_from_at: When, UTC; for a directory when a refresh first saw it.
-- column valid_to_commit: Commit that ended it; NULL while it stands, and for a directory.
-- column valid_to_number: Its commit_number; NULL while it stands, and for a directory.
-- column valid_to_at: When, UTC; NULL while it stands.
-- column ended_by: edited, renamed or removed; NULL while it stands.
-- column is_current: The version stands in the loaded state.
-- column title: As printed; NULL where the content breaks a rule and was never a release.
-- column published_date: As printed; NULL where none is or the content breaks a rule.
-- column ministers: Names as printed, separated by '; '; NULL where none is printed.
-- column portfolios: Tags as printed, separated by '; '; NULL where none is printed.
-- column word_count: Words of the text; NULL where the content breaks a rule.
-- column is_title_changed: Against the version before, as the five after it; NULL where there is none, or one that
--     was no release.
-- column is_date_changed: The printed date.
-- column is_ministers_changed: The printed names or their order.
-- column is_portfolios_changed: The printed tags or their order.
-- column is_body_changed: The text, by any character.
-- column word_added_count: Words of the text that the version before had not, or fewer times; additive.
-- column word_removed_count: Words of the version before that this one has not, or fewer times; additive.
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
