-- description: How many titles of each month have each word; copies of a joint statement count once. Words of one
--     character, and words found in one title only, are left out.
-- grain: term, month_start_date
-- column term: Word in lower case, without macrons and accents.
-- column month_start_date: First day of the calendar month of nz_date.
-- column title_count: Number of titles that have the word; additive over months.
create table core.title_term (
    term varchar not null,
    month_start_date date not null,
    title_count integer not null
);
