-- description: Too many releases lost their exact day: the index of publication times is missing, empty or incomplete.
-- limit: 0.02
-- floor: 5
select
    'all years' as subject,
    measure_before.row_count - measure.row_count as seen_count,
    measure_before.row_count as base_count
from work.measure_before
inner join meta.measure using (measure, subject)
where measure_before.measure = 'exact_days'
