-- description: Every version of a file of the archive.
with origin as (
    select regexp_extract(source_location, '^https?://[^/@]+/[^/]+/[^/]+?(?:\.git)?/?$') as forge
    from meta.build
)

select
    release_revision.source_path,
    release_revision.revision_number,
    release_revision.change,
    release_revision.previous_path,
    release_revision.valid_from_at,
    release_revision.valid_from_commit,
    release_revision.valid_to_at,
    release_revision.ended_by,
    release_revision.is_current,
    release_revision.title,
    release_revision.is_title_changed,
    release_revision.is_date_changed,
    release_revision.is_ministers_changed,
    release_revision.is_portfolios_changed,
    release_revision.is_body_changed,
    release_revision.word_added_count,
    release_revision.word_removed_count,
    case
        when origin.forge <> '' and release_revision.valid_from_commit is not null
            then
                regexp_replace(origin.forge, '(\.git)?/?$', '')
                || '/blob/' || release_revision.valid_from_commit || '/' || release_revision.source_path
    end as version_url
from core.release_revision
cross join origin
where release_revision.source_path = $source_path
