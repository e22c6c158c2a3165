-- description: Which releases hold each word: the index of the macro releases_about, word by word, so that what is
--     asked of one word lies together.
-- grain: term_number, search_number
-- unchecked: To look for two rows alike among nine million takes longer than to make them; what they are made of has
--     each word of a release once, and every_word_is_found_in_as_many_releases_as_hold_it counts them.
-- example: select count(*) from core.search_posting inner join core.search_term using (term_number)
--     where term = 'asylum' and use_count > 5
-- column term_number: The word, of core.search_term.
-- column search_number: The release, of core.fact_release.
-- column use_count: Uses of the word in the body, and five for each in the title; 255 of a kind stands for all above.
create table core.search_posting (
    term_number integer not null,
    search_number integer not null,
    use_count smallint not null
);
