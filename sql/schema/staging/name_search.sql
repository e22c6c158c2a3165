-- description: Which file contents were searched for the names of ministers in searched_name, and with which version of
--     the rules.
-- grain: path, blob
-- column path: Path of the file in the archive.
-- column blob: Git's hash of the file's content.
-- column search_version: Version of the rules used for the search; rows of other versions are dropped.
create table if not exists name_search (
    path varchar not null,
    blob varchar not null,
    search_version varchar not null
);
