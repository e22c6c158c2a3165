-- description: What is known of a release that is not in the build, by its id: why its file is kept out, and how
--     the last version of a file of that name ended.
with files as (
    select
        source_files.path,
        source_files.fate,
        source_files.meaning,
        source_files.message,
        source_files.next_step
    from main.source_files
    where source_files.fate <> 'loaded'
),

past as (
    select
        release_revision.source_path,
        release_revision.title,
        release_revision.ended_by,
        release_revision.valid_to_at,
        moved.source_path as new_path
    from core.release_revision
    left join core.release_revision as moved
        on
            release_revision.source_path = moved.previous_path
            and release_revision.valid_to_at = moved.valid_from_at
    where not release_revision.is_current
    qualify row_number() over (
        partition by release_revision.source_path
        order by release_revision.revision_number desc
    ) = 1
)

select
    coalesce(files.path, past.source_path) as source_path,
    files.fate,
    files.meaning,
    files.message,
    files.next_step,
    past.title,
    past.ended_by,
    past.valid_to_at,
    past.new_path
from files
full outer join past
    on files.path = past.source_path
where
    case
        when starts_with(coalesce(files.path, past.source_path), 'releases/') then ''
        else split_part(coalesce(files.path, past.source_path), '/', 1) || '/'
    end
    || parse_filename(coalesce(files.path, past.source_path), true) = $release_id
order by files.fate is null, past.valid_to_at desc nulls last
limit 1
