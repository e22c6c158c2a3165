-- description: The commits of the archive's main line up to the loaded state, with how many files that can be
--     releases each changed; empty for a directory.
-- grain: commit_number
-- column commit_number: 1 is the oldest.
-- column commit_id: Git's name of the commit.
-- column committed_at: UTC; not before that of the commit before, whatever the committer's clock said.
-- column added_count: Files that came; additive.
-- column edited_count: Files that changed where they stood; additive.
-- column renamed_count: Files that moved, changed or not; additive.
-- column removed_count: Files that went; additive.
create table core.archive_commit (
    commit_number integer primary key,
    commit_id varchar not null,
    committed_at timestamp not null,
    added_count integer not null,
    edited_count integer not null,
    renamed_count integer not null,
    removed_count integer not null
);
