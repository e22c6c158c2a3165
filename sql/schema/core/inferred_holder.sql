-- description: Who held which portfolio when, as inferred from the releases alone, also where the register of offices
--     says who it was. Comparing the two measures how often the inference is right; see holder_accuracy.
-- grain: portfolio_id, government_id, first_date
-- warning: For answers use portfolio_holders, which prefers the register.
-- column portfolio_id: Id of the portfolio, such as `foreign-affairs`; joins to portfolios and core.dim_portfolio.
-- column government_id: Id of the government in office at the time, such as `fifth-labour`.
-- column minister_id: Id of the minister, such as `winston-peters`; joins to ministers and core.dim_minister.
-- column start_date: Day on which the minister is inferred to have begun.
-- column first_date: Day of the first release that shows the minister as the holder.
-- column last_date: Day of the last release that shows the minister as the holder.
-- column end_date: Last day on which the minister is inferred to have held the portfolio; NULL while in office.
-- column title_count: Number of days on which a text prints the minister's title.
-- column sole_count: Number of further days with a release by this minister alone under the portfolio.
-- column joint_count: Number of further days with a joint release of this minister under the portfolio.
-- column score: How much the releases speak for this minister, as a sum of logarithms of odds.
-- column other_score: How much the releases of the same time speak for other people or against this minister, in
--     the same unit as score.
-- column start_confidence: How sure the days before first_date are: medium or low.
-- column end_confidence: How sure the days after last_date are: high (at most a week of silence at the end of the
--     archive), medium or low.
-- column confidence: How sure the days from first_date to last_date are: high, medium or low.
create table core.inferred_holder (
    portfolio_id varchar not null references core.dim_portfolio (portfolio_id),
    government_id varchar not null references core.dim_government (government_id),
    minister_id varchar not null references core.dim_minister (minister_id),
    start_date date not null,
    first_date date not null,
    last_date date not null,
    end_date date,
    title_count bigint not null,
    sole_count bigint not null,
    joint_count bigint not null,
    score double not null,
    other_score double not null,
    start_confidence varchar not null,
    end_confidence varchar not null,
    confidence varchar not null,
    primary key (portfolio_id, government_id, first_date),
    check (start_date <= first_date and first_date <= last_date and last_date <= coalesce(end_date, 'infinity'::date))
);
