-- description: Portfolios and the other subjects that releases are tagged with, with dates and counts.
-- grain: portfolio_id
-- warning: A release with several portfolios counts for each: do not add release_count over portfolios. A tag is no
--     evidence of the title of the day, because the site has relabelled old releases.
-- metric portfolio_count: count(portfolio_id): Number of portfolios ever used as a tag; additive.
-- column portfolio_id: Id of the portfolio, readable and durable, such as `foreign-affairs`.
-- column portfolio_name: Display name of the portfolio, with macrons.
-- column kind: Kind of portfolio: portfolio, office, organisation, theme, unassigned or provisional (awaits review).
-- column sector: One of 19 sectors; NULL for a portfolio that awaits review.
-- column cap_topic_code: Code of the major topic of the Comparative Agendas Project, such as 3; NULL for a portfolio
--     that awaits review and for tags that are no subject.
-- column cap_topic: Name of the major topic of the Comparative Agendas Project, such as `Health`; NULL for a portfolio
--     that awaits review and for tags that are no subject. It is the topic of the portfolio, not of a text.
-- column family_name: Name of the portfolio that this one was finally renamed or merged into, its own name if it was
--     not.
-- column release_count: Number of releases tagged with the portfolio; not additive over portfolios.
-- column distinct_release_count: Number of different texts tagged with the portfolio: copies of a joint statement count
--     once; not additive.
-- column associate_release_count: Number of releases tagged with the portfolio in an associate's role only, as the tag
--     prints it (until 1999) or the title in the text beside the only person credited; not additive over portfolios.
-- column release_share: Number of releases when each release is divided equally between its portfolios; additive.
-- column first_release_date: Earliest nz_date of the releases tagged with the portfolio; NULL if all are undated.
-- column last_release_date: Latest nz_date of the releases tagged with the portfolio; NULL if all are undated.
-- column successors: Portfolios that took over from this one, each with how (renamed, merged, split, resumed or
--     within; see core.portfolio_successor), separated by '; '; NULL if none is known.
create or replace view main.portfolios as
with successors as (
    select
        portfolio_successor.portfolio_id,
        string_agg(
            dim_portfolio.portfolio_name || ' (' || portfolio_successor.link || ')',
            '; ' order by dim_portfolio.portfolio_name
        ) as successors
    from core.portfolio_successor
    inner join core.dim_portfolio
        on portfolio_successor.successor_id = dim_portfolio.portfolio_id
    group by portfolio_successor.portfolio_id
),

tagged as (
    select
        bridge.portfolio_id,
        bridge.release_id,
        bool_and(bridge.role = 'associate') as is_associate_only,
        sum(bridge.share) as release_share
    from core.bridge_release_portfolio as bridge
    group by bridge.portfolio_id, bridge.release_id
)

select
    dim_portfolio.portfolio_id,
    dim_portfolio.portfolio_name,
    dim_portfolio.kind,
    dim_portfolio.sector,
    dim_portfolio.cap_topic_code,
    dim_portfolio.cap_topic,
    family.portfolio_name as family_name,
    count(*) as release_count,
    count(distinct fact_release.twin_group_id) as distinct_release_count,
    count(*) filter (where tagged.is_associate_only) as associate_release_count,
    round(sum(tagged.release_share), 6) as release_share,
    dim_portfolio.first_release_date,
    dim_portfolio.last_release_date,
    successors.successors
from core.dim_portfolio
inner join core.dim_portfolio as family
    on dim_portfolio.family_id = family.portfolio_id
inner join tagged
    on dim_portfolio.portfolio_id = tagged.portfolio_id
inner join core.fact_release using (release_id)
left join successors
    on dim_portfolio.portfolio_id = successors.portfolio_id
where dim_portfolio.is_portfolio
group by all
order by dim_portfolio.portfolio_name;
