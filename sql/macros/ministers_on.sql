-- description: The holders of portfolios on a day, given as a date or as text such as '2003-06-17', as far as releases
--     show them.
-- grain: minister_id
-- warning: Inferred from releases; see portfolio_holders. If is_month_seen is false, the archive has no release of
--     that month, and the holders last seen before it are returned.
-- example: select count(*) from ministers_on('2003-06-17')
create or replace macro main.ministers_on(day) as table (
    with asked as (
        select day::date as wanted_date
    ),

    seen as (
        select count(*) > 0 as is_month_seen
        from core.fact_release
        cross join asked
        where date_trunc('month', fact_release.nz_date) = date_trunc('month', asked.wanted_date)
    )

    select
        tenure.minister_id,
        dim_minister.minister_name,
        string_agg(dim_portfolio.portfolio_name, '; ' order by dim_portfolio.portfolio_name) as portfolios,
        any_value(seen.is_month_seen) as is_month_seen
    from asked
    cross join seen
    inner join core.tenure
        on
            tenure.role = 'holder'
            and tenure.confidence <> 'low'
            and tenure.start_date <= asked.wanted_date
            and coalesce(tenure.end_date, 'infinity'::date) >= asked.wanted_date
    inner join core.dim_minister
        on tenure.minister_id = dim_minister.minister_id
    inner join core.dim_portfolio
        on tenure.portfolio_id = dim_portfolio.portfolio_id
    group by tenure.minister_id, dim_minister.minister_name
    order by dim_minister.minister_name
);
