-- description: The words of titles and texts, for the macro releases_about. Words whose forms are the same are
--     forms of one word, such as whale, whales and whaling: they share a stem by Snowball's English stemmer, or the
--     singular if the stem would join words of different meaning.
-- grain: term
-- warning: Words are stored in lower case without macrons and accents. Web addresses, and what follows an apostrophe,
--     are left out.
-- example: select release_count from core.search_term where term = 'asylum'
-- column term: Word in lower case, without macrons and accents. A hyphenated word such as covid-19 stands beside its
--     parts.
-- column term_number: Number by which core.search_posting refers to the word. A later build may number words anew.
-- column release_count: Number of releases with the word in title or text, each twin counted; not additive.
-- column term_key: Lower half of the MD5 of the word without hyphens, by which covid-19 is found as covid19: numbers
--     are compared in a third of the time of words.
-- column initial: Unicode number of the first letter, by which the words that may be meant by a misspelt one are read
--     without the others.
-- column forms: The term_number of each form of the word, itself included; its own alone if a minister is called so,
--     because Peters is no form of Peter.
-- column weight: How much the word tells in a search: the inverse document frequency of BM25, of all forms together if
--     they were spread over the releases independently.
create table core.search_term (
    term varchar not null,
    term_number integer not null,
    release_count bigint not null,
    term_key ubigint not null,
    initial integer not null,
    forms integer[] not null,
    weight float not null
);
