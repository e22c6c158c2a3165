-- description: How many titles of each year have each word, copies of a joint statement once; words of one character
--     and of one title are left out.
-- grain: term, year
-- column term: The word, folded as in core.search_term.
-- column year: Of nz_date.
-- column title_count: Titles that have it; additive over years.
create table core.title_term (
    term varchar not null,
    year integer not null,
    title_count integer not null
);
