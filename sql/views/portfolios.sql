-- description: Every portfolio or other subject a release is tagged with, with its place in the archive.
-- grain: portfolio_id
-- warning: The site has back-filled labels: a tag is no evidence of the title of the day.
-- metric portfolio_count: count(portfolio_id): Portfolios ever tagged; additive.
-- column portfolio_id: Readable and durable, such as `foreign-affairs`.
-- column portfolio_name: Display name with macrons.
-- column kind: portfolio, office, organisation, theme, unassigned or provisional (awaits review).
-- column sector: One of 19 sectors; NULL for provisional ones.
-- column family_name: The portfolio that its renamings and mergers end in, itself where there is none.
-- column release_count: Releases tagged with it, each once; not additive over portfolios.
-- column distinct_release_count: Of those, each text once: copies of a joint statement count as one. Not additive: the
--     copies may stand on two rows.
-- column associate_release_count: Of those, tagged in an associate's role only (printed until 1999).
-- column release_share: Its part of all releases when a release with several tags is shared equally; additive.
-- column first_release_date: Earliest nz_date of those; NULL where none is dated.
-- column last_release_date: Latest nz_date of those; NULL where none is dated.
-- column successors: Portfolios that took over from it and how (renamed, merged or split), separated by '; '; NULL
--     where none is known.
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
