-- description: Who held which portfolio when, inferred from releases that one minister alone answers for, and who else
--     published under it.
-- grain: portfolio_id, minister_id, role, first_release_date
-- warning: Inferred, not from a register. A minister who published little under a portfolio may be missing, and the
--     days of a handover are those of the releases around it. An acting or associate minister who published most under
--     a portfolio for months looks like its holder.
-- column portfolio_id: The portfolio.
-- column minister_id: The person.
-- column role: holder; other, who published under it while somebody else held it (an associate or acting minister); or
--     associate, acting, deputy, under-secretary or spokesperson where the tags print so (until 1999).
-- column government_id: The government it falls into; who stays through a change of government has two rows.
-- column first_release_date: First day of the evidence.
-- column last_release_date: Last day of the evidence.
-- column start_date: Day on which a holder is taken to have begun: with the government, when the holder before was last
--     seen, or with the first release; NULL for the other roles.
-- column end_date: Day on which a holder is taken to have ended; NULL while in office, and for the other roles.
-- column release_count: Releases of the evidence; additive.
-- column release_share: Part of such releases of the portfolio in that time, 0 to 1.
-- column confidence: high (10 releases and 60 % of those in that time, or more), medium (3 and 50 %) or low.
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
