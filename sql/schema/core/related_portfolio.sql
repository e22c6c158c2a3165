-- description: Which portfolios had the work of a portfolio at another time: under another name, as part of a wider
--     office, or divided. Two parts of a wider office are not related through it.
-- grain: portfolio_id, related_id
-- column portfolio_id: Id of the portfolio, such as `foreign-affairs`; joins to portfolios and core.dim_portfolio.
-- column related_id: Id of the related portfolio; joins to portfolios and core.dim_portfolio.
-- column relation: What the related portfolio is: itself, renamed (the same work under another name), wider (the work
--     is a part of its own) or part (its own work is a part).
-- column distance: How far the related portfolio is from the portfolio: 0 is itself, and the smallest number is
--     nearest.
create table core.related_portfolio (
    portfolio_id varchar not null references core.dim_portfolio (portfolio_id),
    related_id varchar not null references core.dim_portfolio (portfolio_id),
    relation varchar not null,
    distance bigint not null,
    primary key (portfolio_id, related_id),
    check (relation in ('itself', 'renamed', 'wider', 'part')),
    check ((relation = 'itself') = (portfolio_id = related_id) and (relation = 'itself') = (distance = 0))
);
