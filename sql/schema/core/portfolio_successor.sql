-- description: Which portfolio took over from which, by renaming, merging or splitting.
-- grain: portfolio_id, successor_id
-- column portfolio_id: The earlier portfolio.
-- column successor_id: The later one.
-- column link: renamed (one became one), merged (one became part of a wider one) or split (one became several).
-- column certainty: verified or partly, as in the seed.
-- column reason: How that is known.
create table core.portfolio_successor (
    portfolio_id varchar not null references core.dim_portfolio (portfolio_id),
    successor_id varchar not null references core.dim_portfolio (portfolio_id),
    link varchar not null,
    certainty varchar not null,
    reason varchar not null,
    primary key (portfolio_id, successor_id),
    check (link in ('renamed', 'merged', 'split')),
    check (portfolio_id <> successor_id)
);
