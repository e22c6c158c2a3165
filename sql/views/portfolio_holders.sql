-- description: Who held which portfolio when, and who else published under it, inferred from releases by a single
--     minister.
-- grain: portfolio_id, minister_id, role, first_release_date
-- warning: Inferred, not taken from a register: use role = 'holder' and confidence. The dates of a handover are those
--     of the releases around it.
-- example: select minister_name, portfolio_name, start_date, end_date from portfolio_holders limit 5
-- column portfolio_id: Id of the portfolio, such as `foreign-affairs`; joins to portfolios.
-- column portfolio_name: Display name of the portfolio, with macrons.
-- column minister_id: Id of the minister, such as `winston-peters`; joins to ministers.
-- column minister_name: Display name of the minister, without honorifics.
-- column role: Role of the person: holder; other (published under the portfolio while somebody else held it, such as an
--     associate or acting minister); or associate, acting, deputy, under-secretary or spokesperson where the tags print
--     it (until 1999).
-- column government_name: Name of the government in office at the time, such as `Fifth Labour Government`; a minister
--     who stayed on through a change of government has two rows.
-- column start_date: Day on which the holder is assumed to have begun; NULL for roles other than holder.
-- column end_date: Day on which the holder is assumed to have ended; NULL while in office, and for roles other than
--     holder.
-- column first_release_date: Earliest nz_date of the releases that show the person in this role.
-- column last_release_date: Latest nz_date of the releases that show the person in this role.
-- column release_count: Number of releases that show the person in this role in this period; additive.
-- column release_share: Share of the portfolio's releases by a single minister, from first_release_date to
--     last_release_date, that show the person in this role, 0 to 1.
-- column confidence: How sure it is that the person held the portfolio: high (at least 10 releases, and 60 % of the
--     portfolio's releases in that period), medium (at least 3, and 50 %) or low.
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
