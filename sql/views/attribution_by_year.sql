-- description: How many portfolio tags can be attributed to a minister, per calendar year of nz_date. Left out are
--     undated releases, releases that credit nobody in office, and tags that are no portfolio or office.
-- grain: year
-- example: select year, ambiguous_count, attributed_share from attribution_by_year order by year
-- column year: Calendar year of nz_date.
-- column tag_count: Number of pairs of release and portfolio; additive.
-- column sole_minister_count: Number of pairs of release and portfolio attributed to the single minister of the
--     release; additive.
-- column title_count: Number of pairs of release and portfolio attributed to those of several ministers for whom the
--     text prints a title; additive.
-- column tenure_count: Number of pairs of release and portfolio attributed to the one of several ministers who held the
--     portfolio then; additive.
-- column ambiguous_count: Number of pairs of release and portfolio attributed to nobody; additive.
-- column attributed_share: Share of the pairs of release and portfolio that are attributed to a minister, 0 to 1; not
--     additive.
create or replace view main.attribution_by_year as
with tags as (
    select distinct
        fact_release.nz_date,
        bridge_release_portfolio.release_id,
        bridge_release_portfolio.portfolio_id
    from core.bridge_release_portfolio
    inner join core.fact_release using (release_id)
    inner join core.dim_portfolio using (portfolio_id)
    where
        dim_portfolio.kind in ('portfolio', 'office', 'provisional')
        and fact_release.minister_count > 0
        and fact_release.nz_date is not null
),

methods as (
    select distinct
        release_id,
        portfolio_id,
        method
    from core.attribution
)

select
    year(tags.nz_date)::integer as year,
    count(*) as tag_count,
    count(*) filter (where methods.method = 'sole_minister') as sole_minister_count,
    count(*) filter (where methods.method = 'title') as title_count,
    count(*) filter (where methods.method = 'tenure') as tenure_count,
    count(*) filter (where methods.method is null) as ambiguous_count,
    count(methods.method) / count(*) as attributed_share
from tags
left join methods using (release_id, portfolio_id)
group by year(tags.nz_date)
order by year;
