-- description: Every printed portfolio tag and what it was resolved to, by which rule or seed row.
-- grain: tagged_as
-- column tagged_as: As printed.
-- column portfolio_id: The portfolio, or the reason why there is none.
-- column role: minister, associate, acting, deputy, under-secretary, spokesperson, or none where there is no
--     portfolio.
-- column delegation: The part in brackets of a role; NULL where none is printed.
-- column rule: as_printed, folded, alias, role, address, link_text, provisional or unresolved.
-- column reason: Why, in words; for an alias the reason its seed row gives.
-- column release_count: Releases that print it.
-- column first_release_date: Earliest printed date of those; NULL where none is dated.
-- column last_release_date: Latest printed date of those; NULL where none is dated.
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
