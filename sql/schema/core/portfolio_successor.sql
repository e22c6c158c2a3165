-- description: Which portfolio took over from which, by renaming, merging or splitting.
-- grain: portfolio_id, successor_id
-- column portfolio_id: Id of the earlier portfolio; joins to portfolios and core.dim_portfolio.
-- column successor_id: Id of the portfolio that took over from it; joins to portfolios and core.dim_portfolio.
-- column link: How the portfolio changed: renamed (one became one), merged (one became part of a wider one), split
--     (one became several), resumed (there was such an office again after a break) or within (after other changes, its
--     work was part of the wider one).
-- column certainty: How sure the entry in the seed is: verified or partly.
-- column reason: How the change of portfolio is known.
create table core.portfolio_successor (
    portfolio_id varchar not null references core.dim_portfolio (portfolio_id),
    successor_id varchar not null references core.dim_portfolio (portfolio_id),
    link varchar not null,
    certainty varchar not null,
    reason varchar not null,
    primary key (portfolio_id, successor_id),
    check (link in ('renamed', 'merged', 'split', 'resumed', 'within')),
    check (portfolio_id <> successor_id)
);
