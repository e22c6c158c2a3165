-- description: Every version of the file of each release, also under earlier paths, by the number of the release.
with recursive known as (
    select
        search_number,
        source_path
    from core.fact_release
    union
    select
        known.search_number,
        release_revision.previous_path as source_path
    from known
    inner join core.release_revision using (source_path)
    where release_revision.previous_path is not null
)

select
    known.search_number,
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
    release_revision.word_removed_count
from known
inner join core.release_revision using (source_path)
order by known.search_number, release_revision.valid_from_at desc, release_revision.revision_number desc
