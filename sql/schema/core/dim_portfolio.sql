-- description: Portfolios and the other subjects that releases are tagged with, and one member for each reason
--     why a tag has no portfolio.
-- grain: portfolio_id
-- column portfolio_id: Readable and durable, such as `foreign-affairs`; `not-stated` (no tag), `not-a-portfolio`
--     (the printed string is a link), `unresolved` (it could not be decided).
-- column portfolio_name: Display name with macrons.
-- column kind: portfolio, office, organisation, theme, unassigned, provisional (in no seed yet) or none.
-- column sector: One of 19 sectors; NULL for provisional members and for no portfolio.
-- column family_id: The portfolio at the end of its renamings and mergers, itself where there is none: group by it
--     to follow a subject through its names. A split ends a family.
-- column certainty: verified or partly, as in the seed; NULL for members that are in no seed.
-- column is_portfolio: False for the three members that stand for a reason.
-- column is_provisional: True for a tag that awaits review.
-- column first_release_date: Earliest day of a release tagged with it; NULL where none is dated.
-- column last_release_date: Latest day of a release tagged with it; NULL where none is dated.
create table core.dim_portfolio (
    portfolio_id varchar primary key,
    portfolio_name varchar not null,
    kind varchar not null,
    sector varchar,
    family_id varchar not null,
    certainty varchar,
    is_portfolio boolean not null,
    is_provisional boolean not null,
    first_release_date date,
    last_release_date date,
    check (kind in ('portfolio', 'office', 'organisation', 'theme', 'unassigned', 'provisional', 'none')),
    check (is_portfolio = (kind <> 'none')),
    check (is_provisional = (kind = 'provisional'))
);
