-- description: Who held a portfolio (its id, or its name in any case and with or without macrons) on a day, the
--     likeliest first. Of a name that the site changed, give that of the day.
-- grain: portfolio_id, minister_id
-- warning: Inferred, see portfolio_holders.
-- example: select count(*) from who_held('immigration', '2003-06-17')
create or replace macro main.who_held(portfolio, day) as table (
    with asked as (
        select
            portfolio as wanted_id,
            regexp_replace(lower(strip_accents(portfolio)), '[^a-z0-9]', '', 'g') as wanted_name,
            day::date as wanted_date
    )

    select
        tenure.portfolio_id,
        dim_portfolio.portfolio_name,
        tenure.minister_id,
        dim_minister.minister_name,
        tenure.start_date,
        tenure.end_date,
        tenure.release_count,
        tenure.release_share,
        tenure.confidence
    from asked
    inner join core.dim_portfolio
        on
            dim_portfolio.portfolio_id = asked.wanted_id
            or regexp_replace(
                lower(strip_accents(dim_portfolio.portfolio_name)), '[^a-z0-9]', '', 'g'
            ) = asked.wanted_name
    inner join core.tenure
        on
            dim_portfolio.portfolio_id = tenure.portfolio_id
            and tenure.role = 'holder'
            and tenure.start_date <= asked.wanted_date
            and coalesce(tenure.end_date, 'infinity'::date) >= asked.wanted_date
    inner join core.dim_minister
        on tenure.minister_id = dim_minister.minister_id
    order by tenure.release_count desc, tenure.minister_id
);
