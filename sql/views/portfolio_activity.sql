-- description: How much was published under each portfolio in each calendar year of nz_date; undated releases are left
--     out.
-- grain: portfolio_id, year
-- warning: A release with several portfolios counts for each: do not add release_count over portfolios. A tag is no
--     evidence of the title of the day, because the site has relabelled old releases.
-- column portfolio_id: Id of the portfolio, such as `foreign-affairs`; joins to portfolios.
-- column portfolio_name: Display name of the portfolio, with macrons.
-- column family_name: Name of the portfolio that this one was finally renamed or merged into, its own name if it was
--     not; group by it to follow a subject through its names.
-- column kind: Kind of portfolio: portfolio, office, organisation, theme, unassigned or provisional (awaits review).
-- column sector: One of 19 sectors; NULL for a portfolio that awaits review.
-- column year: Calendar year of nz_date.
-- column release_count: Number of releases tagged with the portfolio; additive over years, not over portfolios.
-- column distinct_release_count: Number of different texts tagged with the portfolio: copies of a joint statement count
--     once; not additive.
-- column release_share: Number of releases when each release is divided equally between its portfolios; additive.
-- column year_rank: Rank of the portfolio by release_count within the year, where 1 has most; equal counts share a
--     rank.
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
    family.portfolio_name as family_name,
    dim_portfolio.kind,
    dim_portfolio.sector,
    counted.year,
    counted.release_count,
    counted.distinct_release_count,
    counted.release_share,
    rank() over (partition by counted.year order by counted.release_count desc) as year_rank
from counted
inner join core.dim_portfolio using (portfolio_id)
inner join core.dim_portfolio as family
    on dim_portfolio.family_id = family.portfolio_id
order by counted.year, year_rank, counted.portfolio_id;
