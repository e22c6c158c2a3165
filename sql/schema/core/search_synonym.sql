-- description: Words and pairs of words that mean the same, from the seed search_synonyms: the macro releases_about
--     finds either for the other.
-- grain: wording, meaning
-- example: select meaning from core.search_synonym where wording = 'head tax'
-- column wording: One or two words of a question, in lower case, without macrons, accents and hyphens.
-- column meaning: Words that a release may have instead, written likewise.
create table core.search_synonym (
    wording varchar not null,
    meaning varchar not null
);
