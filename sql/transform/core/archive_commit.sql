-- description: Commits of the archive, with the number of files that each changed.
-- scope: whole
insert into core.archive_commit by name
select
    archive_commit.commit_number,
    archive_commit.commit_id,
    archive_commit.committed_at,
    count(*) filter (where file_change.change = 'added') as added_count,
    count(*) filter (where file_change.change = 'edited') as edited_count,
    count(*) filter (where file_change.change = 'renamed') as renamed_count,
    count(*) filter (where file_change.change = 'removed') as removed_count
from staging.archive_commit
left join staging.file_change using (commit_number)
group by archive_commit.commit_number, archive_commit.commit_id, archive_commit.committed_at
order by archive_commit.commit_number;
