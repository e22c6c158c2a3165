-- description: Which minister made a release in which portfolio, where that can be shown. Pairs of release and
--     portfolio for which it cannot be shown have no row; the view attribution_by_year counts them as ambiguous.
-- grain: release_id, portfolio_id, minister_id
-- files: by year of release_id
-- references: release_id in core.fact_release
-- column release_id: Id of the release; joins to releases and core.fact_release.
-- column portfolio_id: Id of a portfolio that the release is tagged with, such as `foreign-affairs`; joins to
--     portfolios and core.dim_portfolio.
-- column minister_id: Id of a minister whom the release credits, such as `winston-peters`; joins to ministers and
--     core.dim_minister.
-- column method: How the minister was found: sole_minister (the release is by a single minister), title (of several
--     ministers, the text prints a title of the portfolio for this one) or tenure (of several ministers, only this one
--     held the portfolio on that day).
create table core.attribution (
    release_id varchar not null,
    portfolio_id varchar not null references core.dim_portfolio (portfolio_id),
    minister_id varchar not null references core.dim_minister (minister_id),
    method varchar not null,
    check (method in ('sole_minister', 'title', 'tenure'))
);
