-- description: A seed lost too many of its rows: the file may have been cut. One row may go at a time. A
--     seed that a new version of the program no longer has is not counted; a missing file stops the refresh earlier.
-- limit: 0.05
-- floor: 1
select
    measure_before.subject,
    measure_before.row_count - measure.row_count as seen_count,
    measure_before.row_count as base_count
from work.measure_before
inner join meta.measure using (measure, subject)
where measure_before.measure = 'seed_rows'
