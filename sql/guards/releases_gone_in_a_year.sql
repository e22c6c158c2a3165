-- description: Too many of the published releases of one year are gone from the archive, although few are gone in all.
--     In the syncs of the real archive, at most one release went at a time; its smallest year holds 242.
-- limit: 0.05
-- floor: 5
with removed as (
    select
        regexp_extract(path, '/(\d{4})/', 1) as subject,
        count(*) as removed_count
    from meta.change_log
    where change = 'removed'
    group by subject
)

select
    measure_before.subject,
    greatest(
        coalesce(removed.removed_count, 0),
        measure_before.row_count - coalesce(measure.row_count, 0)
    ) as seen_count,
    measure_before.row_count as base_count
from work.measure_before
left join meta.measure using (measure, subject)
left join removed using (subject)
where measure_before.measure = 'releases'
