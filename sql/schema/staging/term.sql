-- description: The distinct words of all releases as the search knows them, each with a number.
-- grain: term_id
-- column term_id: Number of the word, in the order in which this staging file first met it; valid in this file only.
-- column term: Word in lower case, without macrons and accents; words with hyphens stand beside their parts.
-- column family: What the forms of the word share, such as whale for whales and whaling.
create table if not exists term (
    term_id integer not null,
    term varchar not null,
    family varchar not null
);
