-- description: Every portfolio tag as printed, the portfolio it was resolved to, and the rule or seed row that decided
--     it.
-- grain: tagged_as
-- column tagged_as: Portfolio tag, as printed in the front matter.
-- column portfolio_id: Id of the portfolio, such as `foreign-affairs`, or the reason why there is none:
--     `not-a-portfolio` or `unresolved`; joins to portfolios and core.dim_portfolio.
-- column role: Role printed in the tag: minister, associate, acting, deputy, under-secretary or spokesperson; none
--     where there is no portfolio. The site prints roles only until 1999; later releases of associates carry the plain
--     portfolio.
-- column delegation: Part in brackets of a printed role, such as `Work and Income`; NULL if none is printed.
-- column rule: Rule by which the tag was resolved: as_printed, folded, alias, role, address, link_text, provisional or
--     unresolved.
-- column reason: Why the tag was resolved so, in words; for an alias, the reason given in the seed.
-- column release_count: Number of releases that print the tag.
-- column first_release_date: Earliest printed date of the releases that print the tag; NULL if all are undated.
-- column last_release_date: Latest printed date of the releases that print the tag; NULL if all are undated.
create table core.portfolio_alias (
    tagged_as varchar primary key,
    portfolio_id varchar not null references core.dim_portfolio (portfolio_id),
    role varchar not null,
    delegation varchar,
    rule varchar not null,
    reason varchar not null,
    release_count bigint not null,
    first_release_date date,
    last_release_date date
);
