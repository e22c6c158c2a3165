-- description: The main line of the archive's history, up to the state being loaded; empty for a directory.
-- grain: commit_number
-- column commit_number: 1 is the oldest.
-- column commit_id: Git's name of it.
-- column committed_at: UTC, not before the commit before.
create table if not exists archive_commit (
    commit_number integer not null,
    commit_id varchar not null,
    committed_at timestamp not null
);
