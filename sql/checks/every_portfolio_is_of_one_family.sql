-- description: Portfolios that were renamed or merged into several others, or whose family_id names a portfolio that
--     itself belongs to another family; see seeds/portfolio_links.csv.
-- severity: fail
select
    portfolio_id,
    'renamed or merged into several' as fault
from core.portfolio_successor
where link in ('renamed', 'merged')
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
