-- description: Which releases hold each word: the index behind the macro releases_about. Rows of the same word are
--     stored next to each other.
-- grain: term_number, search_number
-- unchecked: Looking for duplicates among ten million rows takes longer than building them. The words they are built
--     from are distinct per release, and the check every_word_is_found_in_as_many_releases_as_hold_it counts them.
-- example: select count(*) from core.search_posting inner join core.search_term using (term_number)
--     where term = 'asylum' and use_count > 5
-- column term_number: Number of the word, as in core.search_term; valid in this build only.
-- column search_number: Number of the release, as in core.fact_release; valid in this build only.
-- column use_count: Number of uses of the word in the text, plus five for each use in the title; text and title are
--     each counted up to 255.
-- column title_count: Number of uses of the word in the title, up to 255.
create table core.search_posting (
    term_number integer not null,
    search_number integer not null,
    use_count smallint not null,
    title_count utinyint not null
);
