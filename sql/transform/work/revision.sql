-- description: Versions of each release file, and from when to when each was current. For a git archive they come from
--     the main line of its history. A directory has no history of its own: versions known to the previous build are
--     kept, and ended if they are gone; files that are new or changed begin a version.
-- scope: history, path
create table work.revision as
with versions as (
    select
        *,
        lead(commit_number) over path_in_time as to_number,
        lead(change) over path_in_time as next_change
    from staging.path_event
    window path_in_time as (partition by path order by commit_number)
),

committed as (
    select
        versions.path,
        versions.change,
        versions.blob,
        versions.previous_path,
        versions.previous_blob,
        versions.commit_number as from_number,
        versions.to_number,
        from_commit.commit_id as from_commit,
        from_commit.committed_at as from_at,
        to_commit.commit_id as to_commit,
        to_commit.committed_at as to_at,
        case
            when versions.to_number is null then null
            when versions.next_change = 'renamed away' then 'renamed'
            when versions.next_change = 'removed' then 'removed'
            else 'edited'
        end as ended_by,
        false as is_carried
    from versions
    inner join staging.archive_commit as from_commit
        on versions.commit_number = from_commit.commit_number
    left join staging.archive_commit as to_commit
        on versions.to_number = to_commit.commit_number
    where versions.blob is not null
),

present as (
    select
        path,
        blob
    from staging.listing
    where exclusion is null and (select build.source_kind from work.build) = 'directory'
),

known as (
    select * from work.previous_revision
),

looked as (
    select
        greatest(
            (select build.built_at from work.build), coalesce(max(known.valid_from_at), '-infinity')
        ) as looked_at
    from known
),

went as (
    select
        known.source_path as path,
        known.source_blob as blob,
        row_number() over (partition by known.source_blob order by known.source_path) as place
    from known
    anti join present
        on known.source_path = present.path
    where known.is_current
),

came as (
    select
        present.path,
        present.blob,
        row_number() over (partition by present.blob order by present.path) as place
    from present
    anti join known
        on present.path = known.source_path and known.is_current
),

moved as (
    select
        came.path,
        went.path as previous_path
    from came
    inner join went using (blob, place)
),

carried as (
    select
        known.source_path as path,
        known.change,
        known.source_blob as blob,
        known.previous_path,
        known.valid_from_at as from_at,
        case
            when not known.is_current then known.valid_to_at
            when present.path is null then looked.looked_at
        end as to_at,
        case
            when not known.is_current then known.ended_by
            when present.path is not null then null
            when known.source_path in (select listed.path from present as listed) then 'edited'
            when known.source_path in (select moved.previous_path from moved) then 'renamed'
            else 'removed'
        end as ended_by,
        true as is_carried
    from known
    cross join looked
    left join present
        on known.source_path = present.path and known.source_blob = present.blob
),

begun as (
    select
        present.path,
        case
            when before.source_path is not null then 'edited'
            when moved.path is not null then 'renamed'
            else 'added'
        end as change,
        present.blob,
        coalesce(before.source_path, moved.previous_path) as previous_path,
        coalesce(before.source_blob, if(moved.path is null, null, present.blob)) as previous_blob,
        looked.looked_at as from_at,
        false as is_carried
    from present
    cross join looked
    anti join known
        on present.path = known.source_path and present.blob = known.source_blob and known.is_current
    left join known as before
        on present.path = before.source_path and before.is_current
    left join moved
        on present.path = moved.path
),

every as (
    select * from committed
    union all by name
    select * from carried
    union all by name
    select * from begun
)

select
    *,
    row_number() over (partition by path order by from_number asc nulls first, from_at asc)::integer as revision_number
from every;
