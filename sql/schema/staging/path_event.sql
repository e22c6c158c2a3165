-- description: What each commit did to each path: a renamed file is an event of both of its paths.
-- grain: commit_number, path
create or replace view path_event as
select
    path,
    commit_number,
    change,
    blob,
    previous_path,
    previous_blob
from file_change

union all by name

select
    previous_path as path,
    commit_number,
    'renamed away' as change
from file_change
where change = 'renamed';
