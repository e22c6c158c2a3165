-- description: What each commit on the main line did to each release file; empty when the source is a directory.
-- grain: commit_number, path
-- column commit_number: Position of the commit in the archive's history; 1 is the oldest.
-- column change: What happened to the file: added, edited, renamed or removed.
-- column path: Path of the file in the archive; for a renamed file, its new path.
-- column blob: Git's hash of the file's content; NULL for a removed file.
-- column previous_path: Path of the file before the commit; NULL for an added file.
-- column previous_blob: Git's hash of the file's content before the commit; NULL for an added file.
create table if not exists file_change (
    commit_number integer not null,
    change varchar not null,
    path varchar not null,
    blob varchar,
    previous_path varchar,
    previous_blob varchar
);
