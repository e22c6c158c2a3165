-- description: Each printed portfolio tag with its decision and its share of the release; one row for a release that
--     prints none. Portfolios share a release equally, and each counts once.
-- scope: release
create table work.tag as
with printed as (
    select
        current_release.release_id,
        unnest(current_release.portfolios) as tagged_as,
        generate_subscripts(current_release.portfolios, 1) as position
    from work.current_release
),

decided as (
    select
        printed.release_id,
        printed.position,
        decision.portfolio_id,
        printed.tagged_as,
        decision.role,
        decision.delegation,
        decision.rule,
        decision.portfolio_id not in ('not-a-portfolio', 'unresolved') as is_portfolio
    from printed
    inner join work.portfolio_decision as decision using (tagged_as)
),

counted as (
    select
        release_id,
        count(*) as tag_count,
        count(distinct portfolio_id) filter (where is_portfolio) as portfolio_count
    from decided
    group by release_id
)

select
    decided.release_id,
    decided.position,
    decided.portfolio_id,
    decided.tagged_as,
    decided.role,
    decided.delegation,
    decided.rule,
    decided.is_portfolio,
    case
        when counted.portfolio_count = 0 then 1.0 / counted.tag_count
        when not decided.is_portfolio then 0.0
        else 1.0 / counted.portfolio_count / count(*) over (partition by decided.release_id, decided.portfolio_id)
    end as share
from decided
inner join counted using (release_id)

union all by name

select
    release_id,
    0 as position,
    'not-stated' as portfolio_id,
    null as tagged_as,
    'none' as role,
    null as delegation,
    'not_stated' as rule,
    false as is_portfolio,
    1.0 as share
from work.current_release
where coalesce(len(portfolios), 0) = 0;
