-- description: Which minister made a release in which portfolio, where that can be shown. Use this view to combine
--     ministers with portfolios, and never join the lists of ministers and portfolios to each other.
-- grain: release_id, portfolio_id, minister_id
-- files: by year of release_id
-- warning: Releases for which it cannot be shown are missing; attribution_by_year counts them.
-- example: select minister_name, portfolio_name, count(*) as release_count from attributions group by all limit 5
-- metric attributed_release_count: count(distinct release_id): Number of releases for which it can be shown who made
--     them in which portfolio; not additive (a release has several rows).
-- column release_id: Id of the release; joins to releases.
-- column title: Title of the release, as printed.
-- column url: Address of the release on the site, as printed in its front matter.
-- column nz_date: Best known New Zealand date of the release; NULL if no date is known.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column month_of_term: Month of the parliamentary term on nz_date, where month 1 begins on the day of the general
--     election; NULL if no date is known.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column minister_id: Id of the minister, such as `winston-peters`; joins to ministers.
-- column minister_name: Display name of the minister, without honorifics.
-- column portfolio_id: Id of the portfolio, such as `foreign-affairs`; joins to portfolios.
-- column portfolio_name: Display name of the portfolio, with macrons.
-- column attributed_by: How the minister was found: sole_minister (the release is by a single minister), title (of
--     several ministers, the text prints a title of the portfolio for this one) or tenure (of several ministers, only
--     this one held the portfolio on that day).
create or replace view main.attributions as
select
    attribution.release_id,
    fact_release.title,
    fact_release.url,
    fact_release.nz_date,
    dim_date.year,
    dim_date.month_of_term,
    dim_government.government_name,
    attribution.minister_id,
    dim_minister.minister_name,
    attribution.portfolio_id,
    dim_portfolio.portfolio_name,
    attribution.method as attributed_by
from core.attribution
inner join core.fact_release using (release_id)
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
inner join core.dim_minister using (minister_id)
inner join core.dim_portfolio using (portfolio_id);
