-- description: Governments that do not begin on the day after the last day of the government before; see
--     seeds/governments.csv.
-- severity: fail
select
    government_id,
    start_date,
    lag(end_date) over (order by start_date) as previous_end_date
from core.dim_government
where start_date is not null
qualify start_date <> previous_end_date + 1
