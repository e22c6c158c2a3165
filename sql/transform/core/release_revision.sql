-- description: Versions from work.revision with their content. For a directory, the content of earlier versions comes
--     from the previous build.
-- scope: history, source_path
insert into core.release_revision by name
select
    revision.path as source_path,
    revision.revision_number,
    if(revision.change = 'added' and revision.revision_number > 1, 'restored', revision.change) as change,
    if(revision.change = 'renamed', revision.previous_path, null) as previous_path,
    revision.blob as source_blob,
    revision.from_commit as valid_from_commit,
    revision.from_number as valid_from_number,
    revision.from_at as valid_from_at,
    revision.to_commit as valid_to_commit,
    revision.to_number as valid_to_number,
    revision.to_at as valid_to_at,
    revision.ended_by,
    revision.ended_by is null as is_current,
    coalesce(release.title, known.title) as title,
    coalesce(
        if(year(release.printed_date) = 1, null, release.printed_date), known.published_date
    ) as published_date,
    coalesce(array_to_string(release.ministers, '; '), known.ministers) as ministers,
    coalesce(array_to_string(release.portfolios, '; '), known.portfolios) as portfolios,
    coalesce(release.word_count, known.word_count) as word_count,
    if(revision.is_carried, known.is_title_changed, difference.is_title_changed) as is_title_changed,
    if(revision.is_carried, known.is_date_changed, difference.is_date_changed) as is_date_changed,
    if(revision.is_carried, known.is_ministers_changed, difference.is_ministers_changed) as is_ministers_changed,
    if(revision.is_carried, known.is_portfolios_changed, difference.is_portfolios_changed) as is_portfolios_changed,
    if(revision.is_carried, known.is_body_changed, difference.is_body_changed) as is_body_changed,
    if(revision.is_carried, known.word_added_count, difference.word_added_count) as word_added_count,
    if(revision.is_carried, known.word_removed_count, difference.word_removed_count) as word_removed_count
from work.revision
left join staging.release
    on revision.path = release.path and revision.blob = release.blob
left join work.content_difference as difference
    on
        revision.previous_path = difference.previous_path
        and revision.previous_blob = difference.previous_blob
        and revision.path = difference.path
        and revision.blob = difference.blob
left join work.previous_revision as known
    on
        revision.is_carried
        and revision.path = known.source_path
        and revision.from_at = known.valid_from_at
order by revision.path, revision.revision_number;
