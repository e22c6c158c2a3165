-- description: A seed lost too many of its rows: the file may have been cut. One row may go at a time.
-- limit: 0.05
-- floor: 1
select
    measure_before.subject,
    measure_before.row_count - coalesce(measure.row_count, 0) as seen_count,
    measure_before.row_count as base_count
from work.measure_before
left join meta.measure using (measure, subject)
where measure_before.measure = 'seed_rows'
