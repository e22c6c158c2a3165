-- title: Biggest portfolios
-- description: The eight portfolios with most releases under each government. A release counts once for each of its
--     portfolios, so the percentages do not add up. Portfolio names are those of the site, which has changed some on
--     old releases: they do not prove the title at the time.
with tagged as (
    select distinct
        releases.release_id,
        releases.government_name,
        unnest(string_split(releases.portfolios, '; ')) as portfolio_name
    from main.releases
    where releases.nz_date is not null
),

totals as (
    select
        releases.government_name,
        count(*) as total_count,
        min(releases.nz_date) as first_date
    from main.releases
    where releases.nz_date is not null
    group by releases.government_name
),

counted as (
    select
        tagged.government_name,
        tagged.portfolio_name,
        count(*) as release_count
    from tagged
    group by tagged.government_name, tagged.portfolio_name
)

select
    counted.government_name,
    row_number() over (
        partition by counted.government_name order by counted.release_count desc, counted.portfolio_name
    ) as position,
    counted.portfolio_name,
    counted.release_count,
    round(100 * counted.release_count / totals.total_count, 2) as percent
from counted
inner join totals using (government_name)
qualify position <= 8
order by totals.first_date, position
