-- description: Who held a portfolio on a day, surest first.
select
    portfolio_name,
    minister_name,
    minister_id,
    role,
    start_date,
    end_date,
    confidence,
    method,
    certainty,
    source,
    note
from main.who_held($portfolio, $day)
