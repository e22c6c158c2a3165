-- description: Each release once per portfolio it is tagged with; one without any stands once, with the reason in
--     brackets. For charts by portfolio, sector, government and day in one place.
-- grain: release_id, portfolio_id
-- warning: A release of several portfolios stands on several rows: count distinct release_id, or sum release_share.
--     A tag is no evidence of the title of the day: the site has back-filled labels.
-- example: select portfolio_name, count(distinct release_id) as release_count from release_portfolios group by all
-- metric tagged_release_count: count(distinct release_id): Releases, files of the archive; not additive over
--     portfolios (a release has several).
-- metric tagged_text_count: count(distinct twin_group_id): Releases, each text once; not additive.
-- metric shared_tag_count: sum(release_share): Releases when one with several portfolios is shared equally; additive.
-- column release_id: Joins to releases.
-- column title: As printed.
-- column nz_date: The best known New Zealand day; NULL where nothing is known.
-- column year: Calendar year of nz_date; NULL where undated.
-- column government_id: In office on nz_date; `unknown` where undated.
-- column government_name: Such as `Fifth Labour Government`.
-- column portfolio_id: Joins to portfolios; or the reason why there is none.
-- column portfolio_name: Display name with macrons; in brackets where there is no portfolio.
-- column sector: One of 19 sectors; NULL for provisional ones and where there is no portfolio.
-- column is_portfolio: False on the row of a release without a portfolio.
-- column release_share: This portfolio's part of the release; the shares of a release sum to 1 (but for rounding).
-- column twin_group_id: The same for releases of the same text.
create or replace view main.release_portfolios as
with tagged as (
    select
        bridge.release_id,
        bridge.portfolio_id,
        round(sum(bridge.share), 6) as release_share
    from core.bridge_release_portfolio as bridge
    where bridge.share > 0
    group by all
)

select
    tagged.release_id,
    fact_release.title,
    fact_release.nz_date,
    dim_date.year,
    fact_release.government_id,
    dim_government.government_name,
    tagged.portfolio_id,
    dim_portfolio.portfolio_name,
    dim_portfolio.sector,
    dim_portfolio.is_portfolio,
    tagged.release_share,
    fact_release.twin_group_id
from tagged
inner join core.fact_release using (release_id)
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
inner join core.dim_portfolio
    on tagged.portfolio_id = dim_portfolio.portfolio_id;
