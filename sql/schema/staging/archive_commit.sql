-- description: Commits on the main line of the archive's history, up to the state being loaded; empty when the source
--     is a directory.
-- grain: commit_number
-- column commit_number: Position of the commit in the archive's history; 1 is the oldest.
-- column commit_id: Git's hash of the commit.
-- column committed_at: Time of the commit, UTC, never earlier than that of the commit before it, even if the
--     committer's clock was slow.
create table if not exists archive_commit (
    commit_number integer not null,
    commit_id varchar not null,
    committed_at timestamp not null
);
