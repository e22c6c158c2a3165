-- description: Ministers and portfolios that stand on the same releases.
-- grain: minister_id, portfolio_id
-- warning: Co-occurrence, not office: a release lists its ministers and its portfolios independently. Only
--     sole_release_count, from releases with one minister, says something of who held what.
-- column minister_id: Joins to ministers.
-- column minister_name: Display name.
-- column portfolio_id: Joins to portfolios.
-- column portfolio_name: Display name.
-- column release_count: Releases with both; not additive.
-- column sole_release_count: Of those, credited to this minister alone; not additive over portfolios.
-- column first_release_date: Earliest nz_date of those; NULL where none is dated.
-- column last_release_date: Latest nz_date of those; NULL where none is dated.
create or replace view main.minister_portfolio_cooccurrence as
with credited as (
    select distinct
        bridge.release_id,
        bridge.minister_id
    from core.bridge_release_minister as bridge
    inner join core.dim_minister using (minister_id)
    where dim_minister.is_person and not bridge.is_out_of_government
),

tagged as (
    select distinct
        bridge.release_id,
        bridge.portfolio_id
    from core.bridge_release_portfolio as bridge
    inner join core.dim_portfolio using (portfolio_id)
    where dim_portfolio.is_portfolio
),

counted as (
    select
        credited.minister_id,
        tagged.portfolio_id,
        count(*) as release_count,
        count(*) filter (where fact_release.minister_count = 1) as sole_release_count,
        min(fact_release.nz_date) as first_release_date,
        max(fact_release.nz_date) as last_release_date
    from credited
    inner join tagged using (release_id)
    inner join core.fact_release using (release_id)
    group by credited.minister_id, tagged.portfolio_id
)

select
    counted.minister_id,
    dim_minister.minister_name,
    counted.portfolio_id,
    dim_portfolio.portfolio_name,
    counted.release_count,
    counted.sole_release_count,
    counted.first_release_date,
    counted.last_release_date
from counted
inner join core.dim_minister using (minister_id)
inner join core.dim_portfolio using (portfolio_id)
order by counted.release_count desc, counted.minister_id, counted.portfolio_id;
