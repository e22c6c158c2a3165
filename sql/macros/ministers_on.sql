-- description: The ministers of a day, given as a date or as text such as '2003-06-17': what they held, and in what
--     they were an associate or acted.
-- grain: minister_id
-- warning: Answers of low confidence are left out, so that a minister with few releases can be missing; who_held shows
--     them. From a day after the archive's last, the ministers last known are returned.
-- example: select minister_name, portfolios from ministers_on('2003-06-17')
create or replace macro main.ministers_on(day) as table (
    with asked as (
        select day::date as wanted_date
    )

    select
        tenure.minister_id,
        dim_minister.minister_name,
        string_agg(dim_portfolio.portfolio_name, '; ' order by dim_portfolio.portfolio_name)
        filter (where tenure.role = 'holder') as portfolios,
        string_agg(
            dim_portfolio.portfolio_name || ' (' || tenure.role || ')',
            '; ' order by dim_portfolio.portfolio_name, tenure.role
        ) filter (where tenure.role <> 'holder') as other_roles,
        max_by(tenure.confidence, list_position(['high', 'medium'], tenure.confidence)) as confidence
    from asked
    inner join core.tenure
        on
            tenure.confidence <> 'low'
            and tenure.start_date <= asked.wanted_date
            and coalesce(tenure.end_date, 'infinity'::date) >= asked.wanted_date
    inner join core.dim_minister using (minister_id)
    inner join core.dim_portfolio using (portfolio_id)
    group by tenure.minister_id, dim_minister.minister_name
    order by dim_minister.minister_name
);
