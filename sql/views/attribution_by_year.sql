-- description: How many tags can be given to a minister, and how many cannot; undated releases and those that credit
--     nobody in office are left out, and so are tags that are no portfolio or office.
-- grain: year
-- example: select year, ambiguous_count, attributed_share from attribution_by_year order by year
-- column year: Calendar year of nz_date.
-- column tag_count: Pairs of release and portfolio; additive.
-- column sole_minister_count: Of those, given to the one minister who answers for the release; additive.
-- column tenure_count: Of those, given to the one of several who held the portfolio then; additive.
-- column ambiguous_count: Of those, given to nobody; additive.
-- column attributed_share: The part that is given to somebody, 0 to 1; not additive.
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
)

select
    year(tags.nz_date)::integer as year,
    count(*) as tag_count,
    count(*) filter (where attribution.method = 'sole_minister') as sole_minister_count,
    count(*) filter (where attribution.method = 'tenure') as tenure_count,
    count(*) filter (where attribution.method is null) as ambiguous_count,
    count(attribution.method) / count(*) as attributed_share
from tags
left join core.attribution using (release_id, portfolio_id)
group by year(tags.nz_date)
order by year;
