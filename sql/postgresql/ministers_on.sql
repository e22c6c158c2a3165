-- description: The ministers of a day: what they held, and in what they were an associate or acted. Answers of low
--     confidence are left out, so that a minister with few releases can be missing; who_held shows them. From a day
--     after the archive's last, the ministers last known are returned.
-- example: select minister_name, portfolios from ministers_on('2003-06-17')
create or replace function ministers_on(day date)
returns table (minister_id text, minister_name text, portfolios text, other_roles text, confidence text)
language sql stable parallel safe
set search_path from current
as $$
    select
        tenure.minister_id,
        dim_minister.minister_name,
        string_agg(dim_portfolio.portfolio_name, '; ' order by dim_portfolio.portfolio_name collate "C")
        filter (where tenure.role = 'holder'),
        string_agg(
            dim_portfolio.portfolio_name || ' (' || tenure.role || ')',
            '; ' order by dim_portfolio.portfolio_name collate "C", tenure.role
        ) filter (where tenure.role <> 'holder'),
        case when bool_or(tenure.confidence = 'medium') then 'medium' else 'high' end
    from core_tenure as tenure
    inner join core_dim_minister as dim_minister
        on tenure.minister_id = dim_minister.minister_id
    inner join core_dim_portfolio as dim_portfolio
        on tenure.portfolio_id = dim_portfolio.portfolio_id
    where
        tenure.confidence <> 'low'
        and tenure.start_date <= day
        and coalesce(tenure.end_date, 'infinity'::date) >= day
    group by tenure.minister_id, dim_minister.minister_name
    order by dim_minister.minister_name collate "C"
$$;
