-- description: A portfolio was renamed or merged into one other at most, the chain of those ends, and its end is a
--     family of its own.
-- severity: fail
select
    portfolio_id,
    'renamed or merged into several' as fault
from core.portfolio_successor
where link <> 'split'
group by portfolio_id
having count(*) > 1

union all

select
    member.portfolio_id,
    'its family has another family' as fault
from core.dim_portfolio as member
inner join core.dim_portfolio as family
    on member.family_id = family.portfolio_id
where family.family_id <> family.portfolio_id
