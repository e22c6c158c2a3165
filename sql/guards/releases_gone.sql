-- description: Too many of the published releases are gone from the archive: it may be incomplete, or another one. In
--     the syncs of the real archive, at most one release went at a time.
-- limit: 0.02
-- floor: 5
with before as (
    select sum(row_count) as release_count
    from work.measure_before
    where measure = 'releases'
),

removed as (
    select count(*) as removed_count
    from meta.change_log
    where change = 'removed'
),

now as (
    select count(*) as release_count
    from core.fact_release
)

select
    'all years' as subject,
    greatest(removed.removed_count, before.release_count - now.release_count) as seen_count,
    before.release_count as base_count
from before
cross join removed
cross join now
where before.release_count is not null
