-- description: When a portfolio passed from one minister to another, as far as its holders are known.
-- grain: portfolio_id, handover_date
-- rechecked: Two people may begin on one day.
-- warning: Where confidence is medium, the day lies between the last release of one and the first of the other.
-- example: select count(*) from handovers where portfolio_name = 'Health'
-- column portfolio_id: Id of the portfolio, such as `foreign-affairs`; joins to portfolios.
-- column portfolio_name: Display name of the portfolio, with macrons.
-- column handover_date: Day on which the later holder began.
-- column from_minister_id: Id of the minister who held the portfolio before; joins to ministers.
-- column from_minister_name: Display name of the minister who held the portfolio before.
-- column to_minister_id: Id of the minister who took the portfolio over; joins to ministers.
-- column to_minister_name: Display name of the minister who took the portfolio over.
-- column days_vacant: Days on which nobody is known to have held the portfolio; negative if two held it at once.
-- column is_change_of_government: True if the two holders belong to different governments.
-- column method: How the later holder is known; see portfolio_holders.
-- column confidence: How sure handover_date is: high (from the register of offices) or medium.
create or replace view main.handovers as
with holders as (
    select
        portfolio_id,
        portfolio_name,
        minister_id,
        minister_name,
        government_name,
        start_date,
        method,
        case method when 'register' then confidence else 'medium' end as confidence,
        lag(minister_id) over spells as before_id,
        lag(minister_name) over spells as before_name,
        lag(government_name) over spells as before_government_name,
        lag(end_date) over spells as before_end_date
    from main.portfolio_holders
    where role = 'holder' and confidence <> 'low'
    window spells as (partition by portfolio_id order by start_date asc, minister_id asc)
)

select
    portfolio_id,
    portfolio_name,
    start_date as handover_date,
    before_id as from_minister_id,
    before_name as from_minister_name,
    minister_id as to_minister_id,
    minister_name as to_minister_name,
    start_date - before_end_date - 1 as days_vacant,
    before_government_name <> government_name as is_change_of_government,
    method,
    confidence
from holders
where minister_id <> before_id
order by portfolio_name, handover_date;
