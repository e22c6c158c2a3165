-- description: The governments, earliest first.
select
    government_id,
    government_name,
    parties,
    start_date,
    end_date
from core.dim_government
where start_date is not null
order by start_date
