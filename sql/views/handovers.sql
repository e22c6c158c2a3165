-- description: When a portfolio, or its work under another name, passed from one minister to another, as far as its
--     holders are known.
-- grain: portfolio_id, handover_date, to_minister_id, from_portfolio_id, from_minister_id
-- rechecked: Two spells of a person may end on the day on which another begins.
-- warning: Where confidence is not high, the day can be wrong by weeks. Where from_portfolio_id is not portfolio_id,
--     the work had another name before, or was a part of it.
-- example: select count(*) from handovers where portfolio_name = 'Health'
-- column portfolio_id: Id of the portfolio, such as `foreign-affairs`; joins to portfolios.
-- column portfolio_name: Display name of the portfolio, with macrons.
-- column handover_date: Day on which the later holder began.
-- column from_portfolio_id: Id of the portfolio of the minister before: portfolio_id, or an office with the same work
--     that ended with the handover, such as `energy` before `energy-and-resources`; joins to portfolios.
-- column from_portfolio_name: Display name of the portfolio of the minister before, with macrons.
-- column from_minister_id: Id of the minister who held the portfolio before; joins to ministers.
-- column from_minister_name: Display name of the minister who held the portfolio before.
-- column to_minister_id: Id of the minister who took the portfolio over; joins to ministers.
-- column to_minister_name: Display name of the minister who took the portfolio over.
-- column days_vacant: Days on which nobody is known to have held the portfolio, though somebody may have acted in it;
--     negative if two held it at once; NULL if too many, see days_vacant_note.
-- column days_vacant_note: Why days_vacant is NULL, and between which days no holder is known; NULL if days_vacant is a
--     number.
-- column is_change_of_government: True if the two holders belong to different governments.
-- column method: How the later holder is known; see portfolio_holders.
-- column confidence: How sure handover_date is: high (from the register of offices), medium (sources differ, or the day
--     lies between releases) or low.
create or replace view main.handovers as
with spells as (
    select
        portfolio_id,
        minister_id,
        government_id,
        spell_start_date as start_date,
        max(coalesce(end_date, 'infinity'::date)) as end_date,
        any_value(method) as method,
        arg_min(confidence, start_date) as start_confidence
    from core.tenure
    where role = 'holder'
    group by portfolio_id, minister_id, government_id, spell_start_date
    having bool_or(confidence <> 'low')
),

before as (
    select
        later.*,
        related_portfolio.related_id as from_portfolio_id,
        related_portfolio.distance,
        earlier.minister_id as from_minister_id,
        earlier.government_id as from_government_id,
        earlier.end_date as from_end_date,
        later.start_date - earlier.end_date - 1 as day_count
    from spells as later
    inner join core.related_portfolio using (portfolio_id)
    inner join spells as earlier
        on related_portfolio.related_id = earlier.portfolio_id and later.start_date > earlier.start_date
),

-- The portfolio itself, unless it had no holder for long; else whoever had its work last.
latest as (
    select *
    from before
    qualify
        (distance = 0 and day_count <= 180, least(from_end_date, start_date - 1), -distance)
        = max((distance = 0 and day_count <= 180, least(from_end_date, start_date - 1), -distance)) over (
            partition by portfolio_id, minister_id, start_date
        )
),

gaps as (
    select latest.*
    from latest
    -- A related office that goes on has handed nothing over.
    anti join spells
        on
            latest.distance > 0
            and latest.from_portfolio_id = spells.portfolio_id
            and latest.start_date between spells.start_date and spells.end_date
    where latest.minister_id <> latest.from_minister_id
)

select
    gaps.portfolio_id,
    dim_portfolio.portfolio_name,
    gaps.start_date as handover_date,
    gaps.from_portfolio_id,
    from_portfolio.portfolio_name as from_portfolio_name,
    gaps.from_minister_id,
    from_minister.minister_name as from_minister_name,
    gaps.minister_id as to_minister_id,
    to_minister.minister_name as to_minister_name,
    case when gaps.day_count <= 180 then gaps.day_count end as days_vacant,
    case
        when gaps.day_count > 180
            then
                'No holder is known from ' || (gaps.from_end_date + 1) || ' to ' || (gaps.start_date - 1)
                || ': there may have been no such office, or its work was in another one.'
    end as days_vacant_note,
    gaps.government_id <> gaps.from_government_id as is_change_of_government,
    gaps.method,
    case
        when gaps.method <> 'register' and gaps.start_confidence = 'high' then 'medium'
        else gaps.start_confidence
    end as confidence
from gaps
inner join core.dim_portfolio using (portfolio_id)
inner join core.dim_portfolio as from_portfolio
    on gaps.from_portfolio_id = from_portfolio.portfolio_id
inner join core.dim_minister as from_minister
    on gaps.from_minister_id = from_minister.minister_id
inner join core.dim_minister as to_minister
    on gaps.minister_id = to_minister.minister_id
order by dim_portfolio.portfolio_name, handover_date, to_minister_name, from_portfolio_name, from_minister_name;
