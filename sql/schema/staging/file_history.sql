-- description: What the archive's own log says of each path; empty for a directory.
-- grain: path
-- column path: Path in the archive.
-- column first_seen_at: Time of the first commit that held the path, UTC.
-- column last_changed_at: Time of the last commit that changed it, UTC.
-- column last_changed_commit: That commit.
create table if not exists file_history (
    path varchar primary key,
    first_seen_at timestamp not null,
    last_changed_at timestamp not null,
    last_changed_commit varchar not null
);
