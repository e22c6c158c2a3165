-- description: Which contents were looked through for the names of ministers, and for which names.
-- grain: path, blob
-- column path: Path in the archive.
-- column blob: Git's hash of the content.
-- column search_version: Of the names, and of the rules; rows of another version are dropped.
create table if not exists name_search (
    path varchar not null,
    blob varchar not null,
    search_version varchar not null
);
