-- description: Which releases hold each word: the index behind the macro releases_about. Rows of the same word, and of
--     its forms, are mostly stored next to each other.
-- grain: term_number, search_number
-- unchecked: Looking for duplicates among ten million rows takes longer than building them. The words they are built
--     from are distinct per release, and the check every_word_is_found_in_as_many_releases_as_hold_it counts them.
-- example: select count(*) from core.search_posting inner join core.search_term using (term_number)
--     where term = 'asylum' and is_in_title
-- column term_number: Number of the word, as in core.search_term.
-- column search_number: Number of the release, as in core.fact_release.
-- column strength: How strongly the release is about the word, from 1 to 126: 127 times u / (u + k), where u is the
--     number of uses in the text, plus five for each in the title (text and title are each counted up to 255), and k is
--     1.2 for a text of average length, rounded to ten words, more for a longer one, as in BM25 with b 0.75.
-- column is_in_title: True if the word is in the title.
create table core.search_posting (
    term_number integer not null,
    search_number integer not null,
    strength utinyint not null,
    is_in_title boolean not null
);
