-- description: What changed from the previous build to this one, file by file; empty for a first build.
-- grain: path
-- rechecked: Two releases may have the same path.
-- column path: Path of the file in the archive; for a removed file, the path it had.
-- column change: What happened to the file: added, edited, renamed or removed (loaded before, but no longer).
-- column previous_path: Earlier path of a renamed file; NULL for any other change.
-- column release_id: Id of the release; for a removed file, the id it had.
-- column title: Title of the release, as printed; for a removed file, its last one.
-- column url: Address of the release on the site, as printed in its front matter; NULL for a removed file.
-- column what_changed: What changed in an edited or renamed file, in words: title, date, ministers, portfolios, and the
--     number of words gained and lost; empty if none of these changed, NULL for files added or removed.
create or replace view main.changes as
select
    change_log.path,
    change_log.change,
    change_log.previous_path,
    change_log.release_id,
    change_log.title,
    fact_release.url,
    change_log.what_changed
from meta.change_log
left join core.fact_release
    on change_log.path = fact_release.source_path
order by change_log.path;
