-- description: Portfolios and the other subjects that releases are tagged with, and one row for each reason why a tag
--     has no portfolio.
-- grain: portfolio_id
-- column portfolio_id: Id of the portfolio, readable and durable, such as `foreign-affairs`; or the reason why there
--     is none: `not-stated` (the release has no tag), `not-a-portfolio` (the printed string is a link), `unresolved`
--     (no decision was possible).
-- column portfolio_name: Display name of the portfolio, with macrons.
-- column kind: Kind of portfolio: portfolio, office, organisation, theme, unassigned, provisional (in no seed yet) or
--     none (not a portfolio).
-- column sector: One of 19 sectors; NULL for a portfolio that awaits review and where there is no portfolio.
-- column cap_topic_code: Code of the major topic of the Comparative Agendas Project, such as 3; NULL where there is no
--     subject or it is not assigned.
-- column cap_topic: Name of the major topic of the Comparative Agendas Project, such as `Health`; NULL where there is
--     no subject or it is not assigned. It is the topic of the portfolio, not of a text.
-- column family_id: Id of the portfolio that this one was finally renamed or merged into, its own id if it was not.
--     Group by it to follow a subject through its names. A split ends a family.
-- column certainty: How sure the entry in the seed is: verified or partly; NULL if no seed has the portfolio.
-- column is_portfolio: False for the three rows that are a reason instead of a portfolio.
-- column is_provisional: True for a printed tag that awaits review.
-- column first_release_date: Earliest nz_date of the releases tagged with the portfolio; NULL if there are none or all
--     are undated.
-- column last_release_date: Latest nz_date of the releases tagged with the portfolio; NULL if there are none or all
--     are undated.
create table core.dim_portfolio (
    portfolio_id varchar primary key,
    portfolio_name varchar not null,
    kind varchar not null,
    sector varchar,
    cap_topic_code integer,
    cap_topic varchar,
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
