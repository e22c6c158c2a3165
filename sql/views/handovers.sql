-- description: When a portfolio passed from one minister to another, as far as its holders are known.
-- grain: portfolio_id, handover_date
-- warning: Inferred from releases, like portfolio_holders: the exact day lies between the last release of the earlier
--     holder and the first release of the later one.
-- example: select count(*) from handovers where portfolio_name = 'Health'
-- column portfolio_id: Id of the portfolio, such as `foreign-affairs`; joins to portfolios.
-- column portfolio_name: Display name of the portfolio, with macrons.
-- column handover_date: Day on which the later holder is assumed to have begun.
-- column from_minister_id: Id of the minister who held the portfolio before; joins to ministers.
-- column from_minister_name: Display name of the minister who held the portfolio before.
-- column to_minister_id: Id of the minister who took the portfolio over; joins to ministers.
-- column to_minister_name: Display name of the minister who took the portfolio over.
-- column days_between: Days from the last release of the earlier holder to the first release of the later one; negative
--     if their releases overlap.
-- column is_change_of_government: True if the two holders belong to different governments.
create or replace view main.handovers as
with holders as (
    select
        portfolio_id,
        minister_id,
        government_id,
        start_date,
        first_release_date,
        last_release_date,
        lag(minister_id) over spells as before_id,
        lag(government_id) over spells as before_government_id,
        lag(last_release_date) over spells as before_last_date
    from core.tenure
    where role = 'holder' and confidence <> 'low'
    window spells as (partition by portfolio_id order by start_date asc, minister_id asc)
)

select
    holders.portfolio_id,
    dim_portfolio.portfolio_name,
    holders.start_date as handover_date,
    holders.before_id as from_minister_id,
    before_minister.minister_name as from_minister_name,
    holders.minister_id as to_minister_id,
    dim_minister.minister_name as to_minister_name,
    holders.first_release_date - holders.before_last_date as days_between,
    holders.before_government_id <> holders.government_id as is_change_of_government
from holders
inner join core.dim_portfolio using (portfolio_id)
inner join core.dim_minister
    on holders.minister_id = dim_minister.minister_id
inner join core.dim_minister as before_minister
    on holders.before_id = before_minister.minister_id
where holders.minister_id <> holders.before_id
order by dim_portfolio.portfolio_name, handover_date;
