-- description: What this build changed against the build it replaced, file by file and in words; empty for a first
--     build.
-- grain: path
-- column path: Path in the archive, for a removed file the path it had.
-- column change: added, edited, renamed or removed (loaded before and not any more).
-- column previous_path: Where a renamed file stood; NULL otherwise.
-- column release_id: The release now, for a removed one the id it had.
-- column title: As printed, now or last.
-- column what_changed: Of an edited or renamed file: title, date, ministers, portfolios, and how many words the text
--     gained and lost; empty where nothing did, NULL for files that came or went.
create or replace view main.changes as
select
    path,
    change,
    previous_path,
    release_id,
    title,
    what_changed
from meta.change_log
order by path;
