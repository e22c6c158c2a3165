-- description: When each file was first added and last changed, from the history of the archive; empty when the source
--     is a directory.
-- grain: path
create or replace view file_history as
select
    file_change.path,
    min(archive_commit.committed_at) as first_seen_at,
    max(archive_commit.committed_at) as last_changed_at,
    max_by(archive_commit.commit_id, archive_commit.commit_number) as last_changed_commit
from file_change
inner join archive_commit using (commit_number)
where file_change.change <> 'removed'
group by file_change.path;
