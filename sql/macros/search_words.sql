-- description: The words of a search as the search index knows them: in lower case, without macrons and accents, each
--     once, in order. A word that ends in * matches every word that begins with it. What follows an apostrophe, such
--     as the s in Minister's, is not a word.
-- grain: term
-- example: select term from search_words('Māori Minister''s "fast-track" hous*')
create or replace macro main.search_words(question) as table (
    with found as (
        -- Words are split as in texts: a combining mark that is not part of a letter separates words.
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
