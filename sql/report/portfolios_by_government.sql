-- title: Portfolios
-- description: The five portfolios with most releases under each government. A release counts once for each of its
--     portfolios, so the percentages do not add up.
-- warning: Portfolio names are those of the site, which has changed some on old releases: they do not prove the title
--     at the time.
-- example: select nz_date, title from release_portfolios where portfolio_name = 'Health' order by nz_date
with counted as (
    select
        release_portfolios.government_name,
        release_portfolios.portfolio_name,
        release_portfolios.is_portfolio,
        count(distinct release_portfolios.release_id) as release_count,
        min(release_portfolios.nz_date) as first_date,
        max(release_portfolios.release_id, 3) as latest_releases
    from main.release_portfolios
    where release_portfolios.nz_date is not null
    group by all
)

select
    counted.government_name,
    row_number() over (
        partition by counted.government_name order by counted.release_count desc, counted.portfolio_name
    ) as position,
    counted.portfolio_name,
    counted.release_count,
    round(100 * counted.release_count / governments.release_count, 4) as percent,
    counted.latest_releases
from counted
inner join main.releases_by_government as governments on counted.government_name = governments.government_name
where counted.is_portfolio
qualify position <= 5
order by min(counted.first_date) over (partition by counted.government_name), position
