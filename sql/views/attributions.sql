-- description: Who made which release in which portfolio, where that can be shown: use it for minister by portfolio,
--     and never join the lists of ministers and portfolios to each other.
-- grain: release_id, portfolio_id, minister_id
-- warning: The rest is left out: attribution_by_year counts it.
-- example: select minister_name, portfolio_name, count(*) as release_count from attributions group by all limit 5
-- metric attributed_release_count: count(distinct release_id): Releases of which it can be shown who made them in which
--     portfolio; not additive (a release has several rows).
-- column release_id: Joins to releases.
-- column title: As printed.
-- column nz_date: The best known New Zealand day.
-- column government_name: In office on that day.
-- column minister_id: Joins to ministers.
-- column minister_name: Display name.
-- column portfolio_id: Joins to portfolios.
-- column portfolio_name: Display name.
-- column method: sole_minister, where one minister alone answers for the release; tenure, where of several one held the
--     portfolio then and no other did.
create or replace view main.attributions as
select
    attribution.release_id,
    fact_release.title,
    fact_release.nz_date,
    dim_government.government_name,
    attribution.minister_id,
    dim_minister.minister_name,
    attribution.portfolio_id,
    dim_portfolio.portfolio_name,
    attribution.method
from core.attribution
inner join core.fact_release using (release_id)
inner join core.dim_government using (government_id)
inner join core.dim_minister using (minister_id)
inner join core.dim_portfolio using (portfolio_id);
