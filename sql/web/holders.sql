-- description: Who held which office when, or was an associate or acted in it, latest first.
select
    portfolio_id,
    portfolio_name,
    minister_id,
    minister_name,
    role,
    government_name,
    start_date,
    end_date,
    sure_from_date,
    sure_to_date,
    method,
    certainty,
    confidence,
    release_count,
    source
from main.portfolio_holders
order by start_date desc, role <> 'holder', portfolio_name, minister_name, role
