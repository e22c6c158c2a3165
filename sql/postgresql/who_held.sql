-- description: Who held a portfolio on a day, surest first. Give an id or any name of the portfolio, such as `Health`,
--     `Minister of Health` or `Treaty Negotiations`; an unknown name is an error. If nobody held it on that day, the
--     answer is who acted in it, or who held the portfolios that it became or came from. Look at confidence: high is
--     right in 99 of 100 answers, medium in 9 of 10, and low is a guess.
-- example: select minister_name from who_held('immigration', '2003-06-17')
create or replace function who_held(portfolio text, day date)
returns table (
    portfolio_id text, portfolio_name text, minister_id text, minister_name text, role text, start_date date,
    end_date date, confidence text, method text, certainty text, source text
)
language sql stable parallel safe
set search_path from current
as $$
    with asked as materialized (
        select portfolio_id_of(portfolio) as portfolio_id
    ),

    related as (
        select
            asked.portfolio_id,
            1 as distance
        from asked

        union all

        select
            successor.successor_id,
            3
        from asked
        inner join core_portfolio_successor as successor
            on asked.portfolio_id = successor.portfolio_id

        union all

        select
            successor.portfolio_id,
            3
        from asked
        inner join core_portfolio_successor as successor
            on asked.portfolio_id = successor.successor_id
    ),

    spells as (
        select
            tenure.*,
            -- Who acted, and then who held a related portfolio, is a better answer than a guess.
            related.distance
            + case tenure.role when 'holder' then 0 else 1 end
            + case tenure.confidence when 'low' then 4 else 0 end as distance,
            max(coalesce(tenure.end_date, 'infinity'::date)) over (
                partition by tenure.portfolio_id, tenure.minister_id, tenure.role, tenure.spell_start_date
            ) as spell_end_date
        from related
        inner join core_tenure as tenure
            on related.portfolio_id = tenure.portfolio_id
        where tenure.role in ('holder', 'acting')
    ),

    found as (
        select
            spells.*,
            min(spells.distance) over () as least_distance
        from spells
        where
            spells.start_date <= day
            and coalesce(spells.end_date, 'infinity'::date) >= day
    )

    select
        found.portfolio_id,
        dim_portfolio.portfolio_name,
        found.minister_id,
        dim_minister.minister_name,
        found.role,
        found.spell_start_date,
        nullif(found.spell_end_date, 'infinity'::date),
        found.confidence,
        found.method,
        found.certainty,
        found.source
    from found
    inner join core_dim_portfolio as dim_portfolio
        on found.portfolio_id = dim_portfolio.portfolio_id
    inner join core_dim_minister as dim_minister
        on found.minister_id = dim_minister.minister_id
    where found.distance = found.least_distance
    order by array_position(array['high', 'medium', 'low'], found.confidence), found.minister_id collate "C"
$$;
