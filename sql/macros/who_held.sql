-- description: Who held a portfolio on a day, surest first. Give an id or any name of the portfolio, such as `Health`,
--     `Minister of Health` or `Treaty Negotiations`; an unknown name is an error. If nobody held it on that day, the
--     answer is who acted in it, or who held the portfolios that it became or came from.
-- grain: portfolio_id, minister_id
-- warning: Look at confidence: high is right in 99 of 100 answers, medium in 9 of 10, and low is a guess.
-- example: select minister_name from who_held('immigration', '2003-06-17')
create or replace macro main.who_held(portfolio, day) as table (
    with asked as materialized (
        select
            main.portfolio_id_of(portfolio) as portfolio_id,
            day::date as wanted_date
    ),

    related as (
        select
            portfolio_id,
            1 as distance
        from asked

        union all

        select
            portfolio_successor.successor_id as portfolio_id,
            3 as distance
        from asked
        inner join core.portfolio_successor using (portfolio_id)

        union all

        select
            portfolio_successor.portfolio_id,
            3 as distance
        from asked
        inner join core.portfolio_successor
            on asked.portfolio_id = portfolio_successor.successor_id
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
        inner join core.tenure using (portfolio_id)
        where tenure.role in ('holder', 'acting')
    ),

    found as (
        select spells.*
        from spells
        cross join asked
        where
            spells.start_date <= asked.wanted_date
            and coalesce(spells.end_date, 'infinity'::date) >= asked.wanted_date
    )

    select
        found.portfolio_id,
        dim_portfolio.portfolio_name,
        found.minister_id,
        dim_minister.minister_name,
        found.role,
        found.spell_start_date as start_date,
        nullif(found.spell_end_date, 'infinity'::date) as end_date,
        found.confidence,
        found.method,
        found.certainty,
        found.source
    from found
    inner join core.dim_portfolio using (portfolio_id)
    inner join core.dim_minister using (minister_id)
    qualify found.distance = min(found.distance) over ()
    order by list_position(['high', 'medium', 'low'], found.confidence), found.minister_id
);
