-- description: The words of titles and texts, for the macro releases_about.
-- grain: term
-- warning: Words are stored in lower case without macrons and accents. Web addresses, and what follows an apostrophe,
--     are left out.
-- example: select release_count from core.search_term where term = 'asylum'
-- column term: Word in lower case, without macrons and accents.
-- column term_number: Number by which core.search_posting refers to the word, from 1 in alphabetical order; valid in
--     this build only.
-- column release_count: Number of releases with the word in title or text, each twin counted; not additive.
create table core.search_term (
    term varchar not null,
    term_number integer not null,
    release_count bigint not null
);
