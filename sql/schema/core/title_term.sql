-- description: How many titles of each year have each word; copies of a joint statement count once. Words of one
--     character, and words found in one title only, are left out.
-- grain: term, year
-- column term: Word in lower case, without macrons and accents.
-- column year: Calendar year of nz_date.
-- column title_count: Number of titles that have the word; additive over years.
create table core.title_term (
    term varchar not null,
    year integer not null,
    title_count integer not null
);
