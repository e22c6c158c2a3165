-- description: Releases whose row of core.fact_release can differ from that of the build before: besides those of
--     work.touched_credit, those of another statement, those whose file has another history, and those of a person or
--     portfolio with another name.
create table work.touched_fact as
-- noqa: disable=AL10,LT11
with other_statements as (
    select twin_group_id from (from work.statement except from before.statement)
    union
    select twin_group_id from (from before.statement except from work.statement)
),

other_people as (
    select now.minister_id
    from core.dim_minister as now
    inner join previous.core.dim_minister as earlier using (minister_id)
    where now.minister_name <> earlier.minister_name
),

other_portfolios as (
    select now.portfolio_id
    from core.dim_portfolio as now
    inner join previous.core.dim_portfolio as earlier using (portfolio_id)
    where now.portfolio_name <> earlier.portfolio_name
)

select release_id from work.touched_credit
union
select twin.release_id
from work.twin
inner join other_statements using (twin_group_id)
union
select current_release.release_id
from work.current_release
inner join work.touched_history using (path)
union
select credit.release_id
from work.credit
inner join other_people using (minister_id)
union
select tag.release_id
from work.tag
inner join other_portfolios using (portfolio_id);
