-- description: Reshuffles as the releases show them: in which months ministers began to publish as holders of
--     portfolios that they had not held before.
-- grain: month_start_date
-- warning: Months without any are left out. New governments stand out, and so do portfolios that are new.
-- example: select count(*), max(holder_count) from reshuffles
-- column month_start_date: Month of the first release of the new holder.
-- column holder_count: New pairs of minister and portfolio; additive.
-- column minister_count: Different ministers of those; not additive.
-- column holders: Minister and portfolio of each, by name, separated by '; '.
create or replace view main.reshuffles as
with firsts as (
    select
        portfolio_id,
        minister_id,
        min(first_release_date) as first_release_date
    from core.tenure
    where role = 'holder' and confidence <> 'low'
    group by portfolio_id, minister_id
)

select
    date_trunc('month', firsts.first_release_date)::date as month_start_date,
    count(*) as holder_count,
    count(distinct firsts.minister_id) as minister_count,
    string_agg(
        dim_minister.minister_name || ', ' || dim_portfolio.portfolio_name,
        '; ' order by dim_minister.minister_name asc, dim_portfolio.portfolio_name asc
    ) as holders
from firsts
inner join core.dim_minister using (minister_id)
inner join core.dim_portfolio using (portfolio_id)
group by date_trunc('month', firsts.first_release_date)
order by month_start_date;
