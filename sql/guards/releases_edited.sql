-- description: Too many of the published releases were edited or renamed at once, or may have been, as the
--     published file is missing: the program that fills the archive may have stored something else than the
--     releases. In the syncs of the real archive, at most one was edited or renamed at a time. If the published
--     file is missing, edits are counted since the latest kept build, or in the history of a git archive since
--     the published commit. Without either, every release counts as edited unless the archive is in the published
--     state.
-- limit: 0.02
-- floor: 20
with before as (
    select sum(row_count) as release_count
    from work.measure_before
    where measure = 'releases'
),

published_commit as (
    select archive_commit.commit_number
    from core.archive_commit
    inner join work.previous
        on archive_commit.commit_id = previous.source_state
),

edited as (
    select count(*) as edited_count
    from meta.change_log
    where change in ('edited', 'renamed')
),

edited_in_history as (
    select count(distinct release_revision.source_path) as edited_count
    from core.release_revision
    inner join core.archive_commit
        on release_revision.valid_from_commit = archive_commit.commit_id
    inner join published_commit
        on archive_commit.commit_number > published_commit.commit_number
    where release_revision.change in ('edited', 'renamed')
)

select
    'all years' as subject,
    case
        when previous.is_there then edited.edited_count
        when exists (from published_commit) then edited_in_history.edited_count
        when build.source_state = previous.source_state then 0
        else before.release_count
    end as seen_count,
    before.release_count as base_count
from work.previous
cross join work.build
cross join before
cross join edited
cross join edited_in_history
where before.release_count is not null
