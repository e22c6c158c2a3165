-- description: Who held a portfolio on a day, surest first. Give an id or any name of the portfolio, such as `Health`,
--     `Minister of Health` or `Treaty Negotiations`; an unknown name is an error. The first words of several names,
--     such as `Science`, mean the one that somebody held on that day. If nobody held it on that day, the answer is who
--     acted in it, or who held the portfolio that had its work on that day, and note says so. If nobody is known, the
--     answer is one row without a minister. Look at confidence: high is right in 99 of 100 answers, medium in 9 of 10,
--     and low is a guess.
-- example: select minister_name from who_held('immigration', '2003-06-17')
create or replace function who_held(portfolio text, day date)
returns table (
    portfolio_id text, portfolio_name text, minister_id text, minister_name text, role text, start_date date,
    end_date date, confidence text, method text, certainty text, source text, note text
)
language sql stable parallel safe
set search_path from current
as $$
    with candidates as materialized (
        select
            called.member_id as portfolio_id,
            called.name as asked_name,
            count(*) over () as candidate_count
        from members_called('portfolio', portfolio, portfolio_words(portfolio)) as called
    ),

    spells as (
        select
            tenure.*,
            candidates.portfolio_id as asked_id,
            candidates.asked_name,
            candidates.candidate_count,
            related.relation,
            max(coalesce(tenure.end_date, 'infinity'::date)) over (
                partition by
                    candidates.portfolio_id,
                    tenure.portfolio_id,
                    tenure.minister_id,
                    tenure.role,
                    tenure.spell_start_date
            ) as spell_end_date,
            -- Who acted, and then who held a related portfolio, is a better answer than a guess.
            array[(tenure.confidence = 'low')::integer, related.distance, (tenure.role = 'acting')::integer] as rank
        from candidates
        inner join core_related_portfolio as related
            on candidates.portfolio_id = related.portfolio_id
        inner join core_tenure as tenure
            on related.related_id = tenure.portfolio_id
        where tenure.role in ('holder', 'acting')
    ),

    held as (
        select
            spells.*,
            min(spells.rank) over () as least_rank,
            row_number() over (
                partition by spells.portfolio_id, spells.minister_id, spells.role, spells.rank order by spells.asked_id
            ) as number
        from spells
        where
            spells.start_date <= day
            and coalesce(spells.end_date, 'infinity'::date) >= day
            -- The first words of several names do not say of which of them a wider office or a part is meant.
            and (spells.candidate_count = 1 or spells.relation in ('itself', 'renamed'))
    ),

    found as materialized (
        select *
        from held
        where rank = least_rank and number = 1
    ),

    meant as (
        select
            count(*) as found_count,
            count(distinct found.portfolio_id) filter (where found.relation = 'itself') as exact_count
        from found
    )

    select answers.*
    from (
        select
            -- Where several portfolios of that name were held on the day, portfolio_id_of stops with an error.
            case when meant.exact_count > 1 then portfolio_id_of(portfolio) else found.portfolio_id end as portfolio_id,
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
                when 'renamed' then found.asked_name || ' was called ' || dim_portfolio.portfolio_name || ' on this day.'
                when 'wider' then found.asked_name || ' was part of ' || dim_portfolio.portfolio_name || ' on this day.'
                when 'part' then dim_portfolio.portfolio_name || ' was an office of its own on this day, as a part of '
                || found.asked_name || '.'
            end as note
        from found
        inner join core_dim_portfolio as dim_portfolio
            on found.portfolio_id = dim_portfolio.portfolio_id
        inner join core_dim_minister as dim_minister
            on found.minister_id = dim_minister.minister_id
        cross join meant

        union all

        select
            case when candidates.candidate_count > 1 then portfolio_id_of(portfolio) else candidates.portfolio_id end,
            candidates.asked_name,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            'Nobody is known to have held ' || candidates.asked_name || ' on ' || day
            || ', under this or another name. portfolio_holders has its holders on other days.'
        from candidates
        cross join meant
        where meant.found_count = 0 and day is not null
    ) as answers
    order by array_position(array['high', 'medium', 'low'], answers.confidence), answers.minister_id collate "C"
$$;
