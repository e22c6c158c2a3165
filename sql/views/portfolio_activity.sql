-- description: What was published under each portfolio in each year; undated releases are left out.
-- grain: portfolio_id, year
-- column portfolio_id: Joins to portfolios.
-- column portfolio_name: Display name with macrons.
-- column kind: portfolio, office, organisation, theme, unassigned or provisional.
-- column sector: One of 19 sectors; NULL for provisional ones.
-- column year: Calendar year of nz_date.
-- column release_count: Releases tagged with it, each once; additive over years, not over portfolios.
-- column distinct_release_count: Of those, each text once: copies of a joint statement count as one. Not
--     additive: the copies may stand on two rows.
-- column release_share: Its part of the year's releases when one with several tags is shared equally; additive.
-- column year_rank: 1 for the portfolio with most releases that year; equal counts share a rank.
create or replace view main.portfolio_activity as
with tagged as (
    select
        bridge.portfolio_id,
        bridge.release_id,
        sum(bridge.share) as release_share
    from core.bridge_release_portfolio as bridge
    inner join core.dim_portfolio using (portfolio_id)
    where dim_portfolio.is_portfolio
    group by bridge.portfolio_id, bridge.release_id
),

counted as (
    select
        tagged.portfolio_id,
        dim_date.year,
        count(*) as release_count,
        count(distinct fact_release.twin_group_id) as distinct_release_count,
        round(sum(tagged.release_share), 6) as release_share
    from tagged
    inner join core.fact_release using (release_id)
    inner join core.dim_date
        on fact_release.nz_date_id = dim_date.date_id
    where dim_date.year is not null
    group by tagged.portfolio_id, dim_date.year
)

select
    counted.portfolio_id,
    dim_portfolio.portfolio_name,
    dim_portfolio.kind,
    dim_portfolio.sector,
    counted.year,
    counted.release_count,
    counted.distinct_release_count,
    counted.release_share,
    rank() over (partition by counted.year order by counted.release_count desc) as year_rank
from counted
inner join core.dim_portfolio using (portfolio_id)
order by counted.year, year_rank, counted.portfolio_id;
