-- description: Paths whose history can differ from that of the build before: those that later commits name, and those
--     of the present releases of work.touched_content: the one of two files of an id that gets it is new then.
create table work.touched_history as
-- noqa: disable=AL10
with known as (
    select max(commit_number) as commit_number
    from previous.core.archive_commit
),

events as (
    select path_event.path
    from staging.path_event
    cross join known
    where path_event.commit_number > known.commit_number
)

select path from events
union
select current_release.path
from work.current_release
inner join work.touched_content using (release_id);
