-- description: Names that the rules could not decide, with the releases that print them and the names found next to
--     them.
-- scope: whole
insert into meta.name_review by name
with minister_pairs as (
    select
        bridge.credited_as,
        dim_portfolio.portfolio_name,
        count(distinct bridge.release_id) as release_count
    from core.bridge_release_minister as bridge
    inner join core.bridge_release_portfolio using (release_id)
    inner join core.dim_portfolio using (portfolio_id)
    where dim_portfolio.is_portfolio and bridge.rule in ('provisional', 'unresolved')
    group by all
),

minister_company as (
    select
        credited_as,
        array_to_string(list(portfolio_name order by release_count desc, portfolio_name asc)[:5], '; ') as credited_with
    from minister_pairs
    group by credited_as
),

portfolio_pairs as (
    select
        bridge.tagged_as,
        dim_minister.minister_name,
        count(distinct bridge.release_id) as release_count
    from core.bridge_release_portfolio as bridge
    inner join core.bridge_release_minister using (release_id)
    inner join core.dim_minister using (minister_id)
    where dim_minister.is_person and bridge.rule in ('provisional', 'unresolved')
    group by all
),

portfolio_company as (
    select
        tagged_as,
        array_to_string(list(minister_name order by release_count desc, minister_name asc)[:5], '; ') as credited_with
    from portfolio_pairs
    group by tagged_as
)

select
    'minister' as name_kind,
    decision.credited_as as printed_as,
    decision.minister_id as member_id,
    decision.rule,
    decision.reason,
    decision.nearest_id,
    decision.nearest_name,
    decision.similarity,
    count(distinct fact_release.release_id) as release_count,
    min(fact_release.nz_date) as first_release_date,
    max(fact_release.nz_date) as last_release_date,
    min(fact_release.first_seen_at) as first_seen_at,
    minister_company.credited_with,
    max_by(fact_release.release_id, (fact_release.published_date_id, fact_release.release_id)) as example_release_id
from work.minister_decision as decision
inner join core.bridge_release_minister using (credited_as)
inner join core.fact_release using (release_id)
left join minister_company using (credited_as)
where decision.rule in ('provisional', 'unresolved')
group by all

union all by name

select
    'portfolio' as name_kind,
    decision.tagged_as as printed_as,
    decision.portfolio_id as member_id,
    decision.rule,
    decision.reason,
    decision.nearest_id,
    decision.nearest_name,
    decision.similarity,
    count(distinct fact_release.release_id) as release_count,
    min(fact_release.nz_date) as first_release_date,
    max(fact_release.nz_date) as last_release_date,
    min(fact_release.first_seen_at) as first_seen_at,
    portfolio_company.credited_with,
    max_by(fact_release.release_id, (fact_release.published_date_id, fact_release.release_id)) as example_release_id
from work.portfolio_decision as decision
inner join core.bridge_release_portfolio using (tagged_as)
inner join core.fact_release using (release_id)
left join portfolio_company using (tagged_as)
where decision.rule in ('provisional', 'unresolved')
group by all
order by name_kind, printed_as;
