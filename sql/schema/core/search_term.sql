-- description: The words of titles and texts, for the macro releases_about.
-- grain: term
-- warning: Words are stored in lower case without macrons and accents. Web addresses, and what follows an apostrophe,
--     are left out.
-- example: select release_count from core.search_term where term = 'asylum'
-- column term: Word in lower case, without macrons and accents. A hyphenated word such as covid-19 stands beside its
--     parts.
-- column term_number: Number by which core.search_posting refers to the word, from 1 in alphabetical order; valid in
--     this build only.
-- column release_count: Number of releases with the word in title or text, each twin counted; not additive.
-- column term_key: Word without hyphens, by which covid-19 is found as covid19.
-- column family: What the forms of the word share, such as whale for whales and whaling: the stem by Snowball's English
--     stemmer, or the singular if the stem would join words of different meaning.
create table core.search_term (
    term varchar not null,
    term_number integer not null,
    release_count bigint not null,
    term_key varchar not null,
    family varchar not null
);
