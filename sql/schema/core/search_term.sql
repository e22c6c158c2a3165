-- description: The words of titles and texts, for the macro releases_about.
-- grain: term
-- warning: A word is without macrons, accents and case; addresses are left out, and what an apostrophe cuts off.
-- example: select release_count from core.search_term where term = 'asylum'
-- column term: The word, folded.
-- column term_number: By which core.search_posting names the word, from 1, in order; of this build only.
-- column release_count: Releases that hold it, in title or body, twins each; not additive.
create table core.search_term (
    term varchar not null,
    term_number integer not null,
    release_count bigint not null
);
