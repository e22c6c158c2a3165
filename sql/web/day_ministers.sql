-- description: Who held what on a day, without answers of low confidence.
select
    minister_id,
    minister_name,
    portfolios,
    other_roles,
    confidence
from main.ministers_on($day::date)
order by minister_name
