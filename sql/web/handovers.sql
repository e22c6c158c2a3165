-- description: When portfolios passed from one minister to another, latest first.
select
    portfolio_id,
    handover_date,
    from_portfolio_id,
    from_portfolio_name,
    from_minister_id,
    from_minister_name,
    to_minister_id,
    to_minister_name,
    days_vacant,
    days_vacant_note,
    is_change_of_government,
    method,
    confidence
from main.handovers
order by handover_date desc, portfolio_id
