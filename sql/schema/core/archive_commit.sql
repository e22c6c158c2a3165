-- description: Commits on the main line of the archive's history, up to the loaded one, each with the number of
--     release files it changed; empty when the source is a directory.
-- grain: commit_number
-- column commit_number: Position of the commit in the archive's history; 1 is the oldest.
-- column commit_id: Git's hash of the commit.
-- column committed_at: Time of the commit, UTC, never earlier than that of the commit before it, even if the
--     committer's clock was slow.
-- column added_count: Number of files that the commit added; additive.
-- column edited_count: Number of files that the commit changed without moving them; additive.
-- column renamed_count: Number of files that the commit moved, whether it changed them or not; additive.
-- column removed_count: Number of files that the commit removed; additive.
create table core.archive_commit (
    commit_number integer primary key,
    commit_id varchar not null,
    committed_at timestamp not null,
    added_count integer not null,
    edited_count integer not null,
    renamed_count integer not null,
    removed_count integer not null
);
