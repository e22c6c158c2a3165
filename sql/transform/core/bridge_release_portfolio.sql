-- description: Every printed tag, sorted in the order of core.fact_release. A tag that prints no role takes that of the
--     title which the text prints beside the only person credited, if it is one of associate, acting and
--     under-secretary, and the text does not call the same person the minister of the portfolio, too.
-- scope: office
insert into core.bridge_release_portfolio by name
with sole as (
    select
        release_id,
        min(minister_id) as minister_id
    from work.credit
    where is_counted
    group by release_id
    having count(distinct minister_id) = 1
),

printed as (
    select
        sole.release_id,
        printed_title.portfolio_id,
        arg_max(printed_title.role, printed_title.title_count) as role
    from core.printed_title
    inner join sole using (release_id, minister_id)
    where printed_title.role in ('minister', 'associate', 'acting', 'under-secretary')
    group by sole.release_id, printed_title.portfolio_id
    having bool_and(printed_title.role <> 'minister')
)

select
    tag.release_id,
    tag.position,
    tag.portfolio_id,
    tag.tagged_as,
    tag.delegation,
    tag.rule,
    tag.share,
    if(tag.role = 'minister', coalesce(printed.role, tag.role), tag.role) as role,
    if(tag.role = 'minister' and printed.role is not null, 'text', 'tag') as role_method
from work.tag
inner join core.fact_release using (release_id)
inner join core.dim_portfolio using (portfolio_id)
left join printed
    on tag.release_id = printed.release_id and tag.portfolio_id = printed.portfolio_id
order by fact_release.published_date_id, tag.release_id, tag.position;
