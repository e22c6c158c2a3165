-- description: The releases as they were in the archive at a commit (its hash, or at least the first seven characters)
--     or at a time in UTC (a date means the end of that day), with names as printed then. No rows for a commit that is
--     not in the history.
-- grain: source_path
-- example: select count(*) from releases_as_of('2026-01-01')
create or replace macro main.releases_as_of(as_of) as table (
    with asked as (
        select as_of::varchar as point_name
    ),

    point as (
        select
            asked.point_name,
            max(archive_commit.commit_number) as commit_number,
            case
                when asked.point_name not like '%:%' then try_cast(asked.point_name as timestamp) + interval 1 day
                else try_cast(asked.point_name as timestamp)
            end as at_time
        from asked
        left join core.archive_commit
            on length(asked.point_name) >= 7 and starts_with(archive_commit.commit_id, lower(asked.point_name))
        group by asked.point_name
    )

    select
        regexp_replace(regexp_extract(release_revision.source_path, '^([^/]+/)', 1), '^releases/', '')
        || regexp_extract(release_revision.source_path, '([^/]+)\.md$', 1) as release_id,
        release_revision.source_path,
        release_revision.title,
        release_revision.published_date,
        release_revision.ministers,
        release_revision.portfolios,
        release_revision.word_count,
        release_revision.revision_number,
        release_revision.valid_from_at,
        release_revision.valid_from_commit,
        release_revision.source_blob
    from core.release_revision
    cross join point
    where
        release_revision.title is not null
        and case
            when point.commit_number is not null
                then
                    release_revision.valid_from_number <= point.commit_number
                    and coalesce(release_revision.valid_to_number > point.commit_number, true)
            else
                release_revision.valid_from_at < point.at_time
                and coalesce(release_revision.valid_to_at >= point.at_time, true)
        end
    order by release_revision.source_path
);
