-- description: Which offices the texts beside names print, for the texts that were decided with one version of seeds
--     and rules.
-- grain: side, printed, name_number, portfolio_id, match
-- column side: Side of the name on which the text stands: before or after.
-- column printed: Text beside the name.
-- column name_number: Number of the portfolio's name in the text, counted from 1; NULL if the text prints no office.
-- column printed_form: Title as printed; NULL if there is none.
-- column role: Kind of office, such as minister or associate; NULL if there is none.
-- column portfolio_id: Portfolio that the name can mean; NULL if there is none.
-- column match: How the name fits the portfolio: name, short, listed or part; NULL if there is none.
-- column decision_version: Version of the seeds and rules; rows of other versions are dropped.
create table if not exists decided_title (
    side varchar not null,
    printed varchar not null,
    name_number integer,
    printed_form varchar,
    role varchar,
    portfolio_id varchar,
    match varchar,
    decision_version varchar not null
);
