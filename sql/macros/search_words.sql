-- description: The words of a search as the search index knows them, in order: in lower case, without macrons and
--     accents. A hyphenated word such as COVID-19 is one word, except in a phrase. A word that ends in * matches every
--     word that begins with it. Function words such as the, did or what are left out if other words remain; a word in
--     capitals such as WHO, in quotes or with * stays. What follows an apostrophe, such as the s in Minister's, is not
--     a word.
-- grain: position
-- example: select term, choice from search_words('What did the Minister say about rail OR "Cook Strait" ferries?')
create or replace macro main.search_words(question) as table (
    with found as (
        select regexp_extract_all(
            translate(nfc_normalize(question::varchar), '“”„‐‑–', '"""---'),
            '"|[\p{L}\p{N}_]+(?:-[\p{L}\p{N}_]+)*\*?'
        ) as tokens
    ),

    numbered as (
        select
            unnest(tokens) as token,
            generate_subscripts(tokens, 1) as token_number
        from found
    ),

    quoted as (
        select
            token,
            token_number,
            count(*) filter (token = '"') over (order by token_number) as mark_count,
            count(*) filter (token = '"') over () as all_mark_count,
            bool_or(token <> upper(token)) over () as has_small_letters
        from numbered
    ),

    divided as (
        select
            token_number,
            has_small_letters,
            -- A quotation mark that nothing closes begins no phrase.
            case
                when mark_count % 2 = 1 and mark_count < all_mark_count then (mark_count + 1) // 2
            end as phrase_number,
            case when phrase_number is null then [token] else string_split(token, '-') end as words
        from quoted
        where token <> '"'
    ),

    folded as (
        select
            unnest(words) as word,
            1000 * token_number + generate_subscripts(words, 1) as place,
            rtrim(lower(strip_accents(word)), '*') as term,
            ends_with(word, '*') as is_prefix,
            phrase_number,
            coalesce(phrase_number, -token_number) as unit,
            phrase_number is null and word = 'OR' as is_or,
            has_small_letters and length(word) > 1 and word = upper(word) as is_in_capitals
        from divided
    ),

    described as (
        select
            *,
            coalesce(lag(is_or) over (order by place), false) as is_alternative,
            phrase_number is null and not is_prefix and not is_in_capitals and list_contains(string_split(
                'a about above after again all also am an and any are as at be been before being between both '
                || 'but by can could did do does doing done during each few for from further had has have having '
                || 'he her here hers him his how i if in into is it its many me more most much my no nor not of '
                || 'off on once only or other our ours own same she should so some such than that the their '
                || 'theirs them then there these they this those through to too under until very was we were '
                || 'what when where which while who whom whose why will with would you your', ' '
            ), term) as is_function_word
        from folded
    ),

    kept as (
        select *
        from described
        where not is_or and length(term) between 1 and 64 and term not in ('s', 't', 'll', 're', 've', 'd', 'm')
        qualify
            (phrase_number is not null or row_number() over (partition by term, phrase_number order by place) = 1)
            and (not is_function_word or bool_and(is_function_word) over ())
    ),

    opened as (
        select
            *,
            min(place) over (partition by unit) as first_place
        from kept
    )

    select
        term,
        is_prefix,
        (row_number() over (order by place))::integer as position,
        phrase_number::integer as phrase_number,
        -- Words joined by OR, and those of a phrase, are one choice.
        (count(*) filter (not is_alternative and place = first_place) over (order by place))::integer as choice
    from opened
    order by position
);
