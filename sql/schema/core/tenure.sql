-- description: Who held which portfolio when, inferred from releases that one minister alone answers for; and who else
--     published under it.
-- grain: portfolio_id, minister_id, role, first_release_date
-- warning: Inferred, not taken from a register. A minister who published little under a portfolio can be missing, and
--     the dates of a handover are those of the releases around it. An acting or associate minister who published most
--     under a portfolio for months looks like its holder.
-- column portfolio_id: Id of the portfolio, such as `foreign-affairs`; joins to portfolios and core.dim_portfolio.
-- column minister_id: Id of the person, such as `winston-peters`; joins to ministers and core.dim_minister.
-- column role: Role of the person: holder; other (published under the portfolio while somebody else held it, such as
--     an associate or acting minister); or associate, acting, deputy, under-secretary or spokesperson where the tags
--     print it (until 1999).
-- column government_id: Id of the government that the spell falls into, such as `fifth-labour`; who stays on through a
--     change of government has two rows.
-- column first_release_date: Earliest nz_date of the releases that show the spell.
-- column last_release_date: Latest nz_date of the releases that show the spell.
-- column start_date: Day on which the holder is assumed to have begun: with the government, when the previous holder
--     was last seen, or with the first release; NULL for roles other than holder.
-- column end_date: Day on which the holder is assumed to have ended; NULL while in office, and for roles other than
--     holder.
-- column release_count: Number of releases that show the spell; additive.
-- column release_share: Share of the portfolio's releases between first_release_date and last_release_date that show
--     this spell, 0 to 1; counts only releases that one minister alone answers for.
-- column confidence: How sure the spell is: high (at least 10 releases, and 60 % of the portfolio's releases in that
--     time), medium (at least 3, and 50 %) or low.
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
