-- description: Who held which portfolio when, and who else published under it, inferred from releases by a single
--     minister.
-- grain: portfolio_id, minister_id, role, first_release_date
-- warning: Inferred, not taken from a register. A minister who published little under a portfolio can be missing, and
--     the dates of a handover are those of the releases around it. An acting or associate minister who published most
--     under a portfolio for months looks like its holder.
-- column portfolio_id: Id of the portfolio, such as `foreign-affairs`; joins to portfolios and core.dim_portfolio.
-- column minister_id: Id of the person, such as `winston-peters`; joins to ministers and core.dim_minister.
-- column role: Role of the person: holder; other (published under the portfolio while somebody else held it, such as
--     an associate or acting minister); or associate, acting, deputy, under-secretary or spokesperson where the tags
--     print it (until 1999).
-- column government_id: Id of the government in office at the time, such as `fifth-labour`; a minister who stayed on
--     through a change of government has two rows.
-- column first_release_date: Earliest nz_date of the releases that show the person in this role.
-- column last_release_date: Latest nz_date of the releases that show the person in this role.
-- column start_date: Day on which the holder is assumed to have begun: with the government, when the previous holder
--     was last seen, or with the first release; NULL for roles other than holder.
-- column end_date: Day on which the holder is assumed to have ended; NULL while in office, and for roles other than
--     holder.
-- column release_count: Number of releases that show the person in this role in this period; additive.
-- column release_share: Share of the portfolio's releases by a single minister, from first_release_date to
--     last_release_date, that show the person in this role, 0 to 1.
-- column confidence: How sure it is that the person held the portfolio: high (at least 10 releases, and 60 % of the
--     portfolio's releases in that period), medium (at least 3, and 50 %) or low.
create table core.tenure (
    portfolio_id varchar not null references core.dim_portfolio (portfolio_id),
    minister_id varchar not null references core.dim_minister (minister_id),
    role varchar not null,
    government_id varchar not null references core.dim_government (government_id),
    first_release_date date not null,
    last_release_date date not null,
    start_date date,
    end_date date,
    release_count bigint not null,
    release_share double not null,
    confidence varchar not null,
    primary key (portfolio_id, minister_id, role, first_release_date),
    check (role in ('holder', 'other', 'associate', 'acting', 'deputy', 'under-secretary', 'spokesperson')),
    check (confidence in ('high', 'medium', 'low')),
    check (first_release_date <= last_release_date)
);
