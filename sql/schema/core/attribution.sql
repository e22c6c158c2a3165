-- description: In which portfolio a minister made a release, where that can be shown; the rest is left out and counted
--     as ambiguous in attribution_by_year.
-- grain: release_id, portfolio_id, minister_id
-- references: release_id in core.fact_release
-- column release_id: The release.
-- column portfolio_id: A portfolio that it is tagged with.
-- column minister_id: A minister whom it credits.
-- column method: sole_minister, where one minister alone answers for the release; tenure, where of several one held the
--     portfolio then and no other did.
create table core.attribution (
    release_id varchar not null,
    portfolio_id varchar not null references core.dim_portfolio (portfolio_id),
    minister_id varchar not null references core.dim_minister (minister_id),
    method varchar not null,
    check (method in ('sole_minister', 'tenure'))
);
