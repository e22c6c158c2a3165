-- description: Who held a portfolio on a day, likeliest first. Give the id of the portfolio, or its name; case,
--     macrons and accents are ignored. If nobody held it on that day, the holders of the portfolios that it became or
--     came from are returned.
-- grain: portfolio_id, minister_id
-- warning: Inferred from releases; see portfolio_holders. If the archive has no release of that month, the holder last
--     seen before it is returned, with low confidence.
-- example: select count(*) from who_held('immigration', '2003-06-17')
create or replace macro main.who_held(portfolio, day) as table (
    with asked as (
        select
            portfolio as wanted_id,
            main.folded_name(portfolio) as wanted_name,
            day::date as wanted_date
    ),

    named as (
        select dim_portfolio.portfolio_id
        from core.dim_portfolio
        inner join asked
            on
                dim_portfolio.portfolio_id = asked.wanted_id
                or main.folded_name(dim_portfolio.portfolio_name) = asked.wanted_name
    ),

    related as (
        select
            named.portfolio_id,
            1 as nearness
        from named

        union all

        select
            portfolio_successor.successor_id as portfolio_id,
            2 as nearness
        from named
        inner join core.portfolio_successor using (portfolio_id)

        union all

        select
            portfolio_successor.portfolio_id,
            2 as nearness
        from named
        inner join core.portfolio_successor
            on named.portfolio_id = portfolio_successor.successor_id
    ),

    -- A month without any release shows no holder.
    seen as (
        select count(*) > 0 as is_month_seen
        from core.fact_release
        cross join asked
        where date_trunc('month', fact_release.nz_date) = date_trunc('month', asked.wanted_date)
    ),

    holders as (
        select
            tenure.portfolio_id,
            tenure.minister_id,
            tenure.start_date,
            tenure.end_date,
            tenure.release_count,
            tenure.release_share,
            case when seen.is_month_seen then tenure.confidence else 'low' end as confidence,
            related.nearness,
            min(related.nearness) over () as nearest
        from related
        cross join asked
        cross join seen
        inner join core.tenure
            on
                related.portfolio_id = tenure.portfolio_id
                and tenure.role = 'holder'
                and tenure.start_date <= asked.wanted_date
                and coalesce(tenure.end_date, 'infinity'::date) >= asked.wanted_date
    )

    select
        holders.portfolio_id,
        dim_portfolio.portfolio_name,
        holders.minister_id,
        dim_minister.minister_name,
        holders.start_date,
        holders.end_date,
        holders.release_count,
        holders.release_share,
        holders.confidence
    from holders
    inner join core.dim_portfolio using (portfolio_id)
    inner join core.dim_minister using (minister_id)
    where holders.nearness = holders.nearest
    order by holders.release_count desc, holders.minister_id
);
