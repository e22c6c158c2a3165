-- description: Which releases hold each word: the index of the macro releases_about.
-- grain: term
-- warning: A word is without macrons, accents and case; addresses are left out, and what an apostrophe cuts off.
-- example: select release_count from core.search_term where term = 'asylum'
-- column term: The word, folded.
-- column release_count: Releases that hold it, in title or body, twins each; not additive.
-- column search_numbers: Those releases, by their search_number in core.fact_release, in order.
-- column body_counts: How often the body of each has the word; 255 stands for all above.
-- column title_counts: How often the title of each has the word; 255 stands for all above.
create table core.search_term (
    term varchar not null,
    release_count bigint not null,
    search_numbers integer[] not null,
    body_counts utinyint[] not null,
    title_counts utinyint[] not null
);
