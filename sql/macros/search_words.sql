-- description: The words of a question as the search knows them: without macrons, accents and case, each once, in
--     order. A word that ends in * stands for all that begin with it. What an apostrophe cuts off a word is none.
-- grain: term
-- example: select term from search_words('Māori Minister''s "fast-track" hous*')
create or replace macro main.search_words(question) as table (
    with found as (
        -- as texts are split: a mark that is no part of a letter parts words
        select lower(strip_accents(
            unnest(regexp_extract_all(nfc_normalize(question::varchar), '[\p{L}\p{N}_]+\*?'))
        )) as word
    ),

    numbered as (
        select
            word,
            row_number() over () as place
        from found
    )

    select
        rtrim(numbered.word, '*') as term,
        bool_and(ends_with(numbered.word, '*')) as is_prefix,
        row_number() over (order by min(numbered.place))::integer as position
    from numbered
    where
        length(rtrim(numbered.word, '*')) <= 64
        and numbered.word not in ('s', 't', 'll', 're', 've', 'd', 'm')
    group by term
    order by position
);
