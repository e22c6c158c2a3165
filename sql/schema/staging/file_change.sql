-- description: What each commit of the main line did to each file that can be a release; empty for a directory.
-- grain: commit_number, path
-- column commit_number: The commit.
-- column change: added, edited, renamed or removed.
-- column path: The file; where a renamed one stands now.
-- column blob: Git's hash of the content; NULL for a removed file.
-- column previous_path: Where it stood; NULL for an added file.
-- column previous_blob: What it held; NULL for an added file.
create table if not exists file_change (
    commit_number integer not null,
    change varchar not null,
    path varchar not null,
    blob varchar,
    previous_path varchar,
    previous_blob varchar
);
