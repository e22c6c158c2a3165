-- description: Who held which portfolio when, and who else published under it, inferred from releases that one minister
--     alone answers for.
-- grain: portfolio_id, minister_id, role, first_release_date
-- warning: Inferred, not from a register: use role = 'holder' and confidence, and mind that days of a handover are
--     those of the releases around it. Who stays through a change of government has two rows.
-- example: select minister_name, portfolio_name, start_date, end_date from portfolio_holders limit 5
-- column portfolio_id: Joins to portfolios.
-- column portfolio_name: Display name.
-- column minister_id: Joins to ministers.
-- column minister_name: Display name.
-- column role: holder; other, who published under it while somebody else held it; or the role that tags print until
--     1999.
-- column government_name: The government it falls into.
-- column start_date: Day on which a holder is taken to have begun; NULL for the other roles.
-- column end_date: Day on which a holder is taken to have ended; NULL while in office, and for the other roles.
-- column first_release_date: First day of the evidence.
-- column last_release_date: Last day of the evidence.
-- column release_count: Releases of the evidence; additive.
-- column release_share: Part of such releases of the portfolio in that time, 0 to 1.
-- column confidence: high (10 releases and 60 % of those in that time, or more), medium (3 and 50 %) or low.
create or replace view main.portfolio_holders as
select
    tenure.portfolio_id,
    dim_portfolio.portfolio_name,
    tenure.minister_id,
    dim_minister.minister_name,
    tenure.role,
    dim_government.government_name,
    tenure.start_date,
    tenure.end_date,
    tenure.first_release_date,
    tenure.last_release_date,
    tenure.release_count,
    tenure.release_share,
    tenure.confidence
from core.tenure
inner join core.dim_portfolio using (portfolio_id)
inner join core.dim_minister using (minister_id)
inner join core.dim_government using (government_id)
order by dim_portfolio.portfolio_name, tenure.first_release_date, tenure.minister_id, tenure.role;
