-- description: What this build changed against the build it replaced, file by file; empty for a first build.
-- grain: path
-- column path: Path in the archive, for a removed file the path it had.
-- column change: added, edited, renamed or removed (loaded before and not any more).
-- column previous_path: Where a renamed file stood; NULL otherwise.
-- column release_id: The release now, for a removed one the id it had.
-- column title: As printed, now or last.
-- column what_changed: Of an edited or renamed file, in words: title, date, ministers, portfolios, and how many words
--     the text gained and lost; empty where nothing did, NULL for files that came or went.
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
