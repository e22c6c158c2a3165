-- description: Who held a portfolio on a day, surest first. Give an id or any name of the portfolio, such as `Health`,
--     `Minister of Health` or `Treaty Negotiations`; an unknown name is an error. The first words of several names,
--     such as `Science`, mean the one that somebody held on that day. If nobody held it on that day, the answer is who
--     acted in it, or who held the portfolio that had its work on that day, and note says so. If nobody is known, the
--     answer is one row without a minister.
-- grain: portfolio_id, minister_id
-- warning: Look at confidence: high is right in 99 of 100 answers, medium in 9 of 10, and low is a guess. Look at note
--     if the portfolio is another than you asked for, or minister_id is NULL.
-- example: select minister_name from who_held('immigration', '2003-06-17')
create or replace macro main.who_held(portfolio, day) as table (
    with asked as materialized (
        select
            portfolio::varchar as given_name,
            main.portfolios_called(portfolio) as given_members,
            day::date as wanted_date
    ),

    candidates as (
        select
            unnest(given_members).member_id as portfolio_id,
            unnest(given_members).name as asked_name
        from asked
    ),

    spells as (
        select
            tenure.*,
            candidates.portfolio_id as asked_id,
            candidates.asked_name,
            related_portfolio.relation,
            max(coalesce(tenure.end_date, 'infinity'::date)) over (
                partition by
                    candidates.portfolio_id,
                    tenure.portfolio_id,
                    tenure.minister_id,
                    tenure.role,
                    tenure.spell_start_date
            ) as spell_end_date,
            -- Who acted, and then who held a related portfolio, is a better answer than a guess.
            (tenure.confidence = 'low', related_portfolio.distance, tenure.role = 'acting') as rank
        from candidates
        inner join core.related_portfolio using (portfolio_id)
        inner join core.tenure
            on related_portfolio.related_id = tenure.portfolio_id
        where tenure.role in ('holder', 'acting')
    ),

    held as (
        select spells.*
        from spells
        cross join asked
        where
            spells.start_date <= asked.wanted_date
            and coalesce(spells.end_date, 'infinity'::date) >= asked.wanted_date
            -- The first words of several names do not say of which of them a wider office or a part is meant.
            and (len(asked.given_members) = 1 or spells.relation in ('itself', 'renamed'))
        qualify spells.rank = min(spells.rank) over ()
    ),

    found as (
        select *
        from held
        qualify row_number() over (partition by portfolio_id, minister_id, role order by asked_id) = 1
    ),

    meant as (
        select
            count(*) as found_count,
            count(distinct portfolio_id) filter (where relation = 'itself') as exact_count
        from found
    ),

    -- In a query of its own, because DuckDB 1.5 cannot order a union by an expression.
    answers as (
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
            found.source,
            case found.relation
                when 'renamed'
                    then found.asked_name || ' was called ' || dim_portfolio.portfolio_name || ' on this day.'
                when 'wider' then found.asked_name || ' was part of ' || dim_portfolio.portfolio_name || ' on this day.'
                when 'part' then
                    dim_portfolio.portfolio_name || ' was an office of its own on this day, as a part of '
                    || found.asked_name || '.'
            end as note
        from found
        inner join core.dim_portfolio using (portfolio_id)
        inner join core.dim_minister using (minister_id)
        cross join meant
        cross join asked
        where
            -- Where several portfolios of that name were held on the day, only_member_id stops with an error.
            case when meant.exact_count > 1 then main.only_member_id(asked.given_name, asked.given_members) end is null

        union all

        select
            main.only_member_id(asked.given_name, asked.given_members) as portfolio_id,
            candidates.asked_name as portfolio_name,
            null as minister_id,
            null as minister_name,
            null as role,
            null as start_date,
            null as end_date,
            null as confidence,
            null as method,
            null as certainty,
            null as source,
            'Nobody is known to have held ' || candidates.asked_name || ' on ' || asked.wanted_date
            || ', under this or another name. portfolio_holders has its holders on other days.' as note
        from asked
        cross join candidates
        cross join meant
        where meant.found_count = 0 and asked.wanted_date is not null
    )

    select *
    from answers
    order by list_position(['high', 'medium', 'low'], confidence), minister_id
);
