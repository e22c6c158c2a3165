-- description: Where a release comes from and what was decided about it: its file, its commit, the address of the file
--     at that commit (if the archive is on a public forge), and the rules that resolved its names and its date.
-- grain: release_id
-- example: select source_path, ministers_as_printed, date_basis from
--     explain_row('2003-06-17-nz-becomes-100th-member-iom')
create or replace macro main.explain_row(release) as table (
    with asked as (
        select release as wanted_id
    ),

    origin as (
        select regexp_extract(source_location, '^https?://[^/@]+/[^/]+/[^/]+?(?:\.git)?/?$') as forge
        from meta.build
    ),

    ministers as (
        select
            bridge.release_id,
            string_agg(
                coalesce(bridge.credited_as, 'nobody') || ' -> ' || bridge.minister_id || ' (' || bridge.rule || ')',
                '; ' order by bridge.position
            ) as ministers_as_printed
        from core.bridge_release_minister as bridge
        inner join asked
            on bridge.release_id = asked.wanted_id
        group by bridge.release_id
    ),

    portfolios as (
        select
            bridge.release_id,
            string_agg(
                coalesce(bridge.tagged_as, 'nothing') || ' -> ' || bridge.portfolio_id || ' (' || bridge.rule || ')',
                '; ' order by bridge.position
            ) as portfolios_as_printed
        from core.bridge_release_portfolio as bridge
        inner join asked
            on bridge.release_id = asked.wanted_id
        group by bridge.release_id
    )

    select
        fact_release.release_id,
        fact_release.title,
        fact_release.url,
        fact_release.source_path,
        fact_release.source_commit,
        fact_release.source_blob,
        case
            when origin.forge <> '' and fact_release.source_commit is not null
                then
                    regexp_replace(origin.forge, '(\.git)?/?$', '')
                    || '/blob/' || fact_release.source_commit || '/' || fact_release.source_path
        end as source_url,
        fact_release.first_seen_at,
        fact_release.last_changed_at,
        fact_release.published_date,
        fact_release.nz_date,
        fact_release.date_basis,
        ministers.ministers_as_printed,
        portfolios.portfolios_as_printed,
        fact_release.twin_group_id
    from core.fact_release
    cross join origin
    inner join ministers
        on fact_release.release_id = ministers.release_id
    inner join portfolios
        on fact_release.release_id = portfolios.release_id
);
