-- description: Each government begins the day after the last day of the one before.
-- severity: fail
select
    government_id,
    start_date,
    lag(end_date) over (order by start_date) as previous_end_date
from core.dim_government
where start_date is not null
qualify start_date <> previous_end_date + 1
