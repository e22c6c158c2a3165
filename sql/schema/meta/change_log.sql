-- description: What changed from the previous build to this one, file by file; empty for a first build.
-- grain: path
-- column path: Path of the file in the archive; for a removed file, the path it had.
-- column change: What happened to the file: added, edited, renamed or removed (loaded before, but no longer).
-- column previous_path: Earlier path of a renamed file; NULL for any other change.
-- column release_id: Id of the release; for a removed file, the id it had.
-- column title: Title of the release, as printed; for a removed file, its last one.
-- column what_changed: What changed in an edited or renamed file, in words: title, date, ministers, portfolios, and
--     the number of words gained and lost; empty if none of these changed, NULL for files added or removed.
create table meta.change_log (
    path varchar not null,
    change varchar not null,
    previous_path varchar,
    release_id varchar not null,
    title varchar not null,
    what_changed varchar,
    check (change in ('added', 'edited', 'renamed', 'removed')),
    check ((change = 'renamed') = (previous_path is not null))
);
