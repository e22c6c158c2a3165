-- description: Words and pairs of words that mean the same, from the seed search_synonyms: the macro releases_about
--     finds either for the other. A row is a word of what is found; a meaning with a word that no release has is left
--     out.
-- grain: wording, meaning, part
-- example: select meaning from core.search_synonym where wording = 'children'
-- column wording: One or two words of a question, in lower case, without macrons, accents and hyphens.
-- column meaning: Words that a release may have instead, written likewise.
-- column part: One of these words.
-- column part_count: Number of these words; the same in each row of a meaning.
-- column term_key: Number made from the wording without spaces, as in core.search_term.
-- column term_number: The part's number in core.search_term; so are the next two columns.
-- column forms: The numbers of its forms.
-- column weight: How much it tells in a search.
create table core.search_synonym (
    wording varchar not null,
    meaning varchar not null,
    part varchar not null,
    part_count integer not null,
    term_key ubigint not null,
    term_number integer not null,
    forms integer[] not null,
    weight float not null
);
