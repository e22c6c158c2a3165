-- description: The portfolios that can be reached from each one by renamings and, in one direction only, to wider
--     offices or to parts: so no part leads to an unrelated part of the same wider office.
-- scope: whole
insert into core.related_portfolio by name
with recursive links as (
    select
        portfolio_id,
        successor_id,
        case
            when link in ('renamed', 'resumed') then 'renamed'
            when link = 'split' then 'part'
            else 'wider'
        end as relation,
        -- A direct change is nearer than what is known of a later time alone; another name is nearer than both.
        case when link in ('renamed', 'resumed') then 1 when link = 'within' then 103 else 100 end as distance
    from core.portfolio_successor
),

steps as (
    select
        portfolio_id,
        successor_id as next_id,
        relation,
        distance
    from links

    union all

    select
        successor_id as portfolio_id,
        portfolio_id as next_id,
        case relation when 'part' then 'wider' when 'wider' then 'part' else relation end as relation,
        distance
    from links
),

paths as (
    select
        portfolio_id,
        portfolio_id as related_id,
        'itself' as relation,
        0 as distance,
        [portfolio_id] as passed
    from core.dim_portfolio

    union all

    select
        paths.portfolio_id,
        steps.next_id as related_id,
        if(steps.relation = 'renamed' and paths.relation <> 'itself', paths.relation, steps.relation) as relation,
        -- All names of a part are as near.
        paths.distance
        + if(steps.relation = 'renamed' and paths.relation in ('wider', 'part'), 0, steps.distance) as distance,
        list_append(paths.passed, steps.next_id) as passed
    from paths
    inner join steps
        on paths.related_id = steps.portfolio_id
    where
        not list_contains(paths.passed, steps.next_id)
        and (
            paths.relation in ('itself', 'renamed')
            or steps.relation in ('renamed', paths.relation)
        )
)

select
    portfolio_id,
    related_id,
    arg_min(relation, (distance, relation)) as relation,
    min(distance) as distance
from paths
group by portfolio_id, related_id
order by portfolio_id, related_id;
