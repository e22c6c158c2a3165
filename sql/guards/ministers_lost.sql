-- description: Too many releases credit nobody any more: the site may have changed its pages. On no day, and in no
--     week or month since 1996, did a tenth of the new releases credit nobody.
-- limit: 0.5
-- floor: 5
with changed as (
    select count(*) as changed_count
    from meta.change_log
    where change <> 'removed'
)

select
    'changed releases' as subject,
    measure.row_count - measure_before.row_count as seen_count,
    if(previous.is_there, changed.changed_count, build.release_count) as base_count
from work.measure_before
inner join meta.measure using (measure, subject)
cross join work.previous
cross join changed
cross join meta.build
where measure_before.measure = 'uncredited'
