-- description: How many releases are tagged with each portfolio in each year, earliest first; undated
--     releases come last, without a year.
select
    bridge.portfolio_id,
    dim_date.year,
    count(distinct bridge.release_id) as release_count
from core.bridge_release_portfolio as bridge
inner join core.fact_release using (release_id)
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
group by bridge.portfolio_id, dim_date.year
order by dim_date.year nulls last
