-- description: One row for each portfolio that a release is tagged with, for charts by portfolio, sector, government
--     and date. A release without a portfolio has one row, with the reason in brackets.
-- grain: release_id, portfolio_id
-- files: by year of release_id
-- warning: A release with several portfolios has several rows: count distinct release_id, or sum portfolio_share. A tag
--     is no evidence of the title of the day, because the site has relabelled old releases. Do not join this view to
--     release_ministers; use attributions.
-- example: select portfolio_name, count(distinct release_id) as release_count from release_portfolios group by all
-- metric tagged_release_count: count(distinct release_id): Number of releases, every copy of a text counted; not
--     additive over portfolios (a release can have several).
-- metric tagged_text_count: count(distinct twin_group_id): Number of different texts: copies of a joint statement count
--     once; not additive.
-- metric shared_tag_count: sum(portfolio_share): Number of releases when each release is divided equally between its
--     portfolios; additive.
-- column release_id: Id of the release; joins to releases.
-- column title: Title of the release, as printed.
-- column url: Address of the release on the site, as printed in its front matter.
-- column nz_date: Best known New Zealand date of the release; NULL if no date is known.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column fiscal_year: Fiscal year ended 30 June, named by the year it ends in: 2014-07-01 is in 2015; NULL if no date
--     is known.
-- column month_of_term: Month of the parliamentary term on nz_date, where month 1 begins on the day of the general
--     election; NULL if no date is known.
-- column government_id: Id of the government in office on nz_date, such as `fifth-labour`; `unknown` for undated
--     releases.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column portfolio_id: Id of the portfolio, such as `foreign-affairs`, or the reason why there is none: `not-stated`,
--     `not-a-portfolio` or `unresolved`; joins to portfolios.
-- column portfolio_name: Display name of the portfolio, with macrons; in brackets if there is no portfolio.
-- column family_name: Name of the portfolio that this one was finally renamed or merged into, its own name if it was
--     not; group by it to follow a subject through its names.
-- column sector: One of 19 sectors; NULL for a portfolio that awaits review and where there is no portfolio.
-- column is_portfolio: False on the single row of a release without a portfolio.
-- column tag_role: Role in the portfolio: minister, associate, acting, deputy, under-secretary or spokesperson; none
--     where there is no portfolio. Until 1999 the tag can print it; in later releases it is that of the title printed
--     in the text beside the only person credited, and minister if there is none.
-- column tag_role_method: Source of the role: text (title printed beside the only person credited) or tag (the tag
--     prints the role, or nothing else is known).
-- column portfolio_share: Share of the release given to this portfolio, 0 to 1; the shares of a release sum to 1,
--     except for rounding.
-- column twin_group_id: Id of the representative release among all with the same text; a release without twins has its
--     own id. Count it distinct to count joint statements once.
create or replace view main.release_portfolios as
with tagged as (
    select
        bridge.release_id,
        bridge.portfolio_id,
        arg_min(bridge.role, (bridge.role <> 'minister', bridge.position)) as tag_role,
        arg_min(bridge.role_method, (bridge.role <> 'minister', bridge.position)) as tag_role_method,
        round(sum(bridge.share), 6) as portfolio_share
    from core.bridge_release_portfolio as bridge
    where bridge.share > 0
    group by all
)

select
    tagged.release_id,
    fact_release.title,
    fact_release.url,
    fact_release.nz_date,
    dim_date.year,
    dim_date.fiscal_year,
    dim_date.month_of_term,
    fact_release.government_id,
    dim_government.government_name,
    tagged.portfolio_id,
    dim_portfolio.portfolio_name,
    family.portfolio_name as family_name,
    dim_portfolio.sector,
    dim_portfolio.is_portfolio,
    tagged.tag_role,
    tagged.tag_role_method,
    tagged.portfolio_share,
    fact_release.twin_group_id
from tagged
inner join core.fact_release using (release_id)
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
inner join core.dim_portfolio
    on tagged.portfolio_id = dim_portfolio.portfolio_id
inner join core.dim_portfolio as family
    on dim_portfolio.family_id = family.portfolio_id;
