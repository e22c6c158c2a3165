-- description: The words of a search as the search index knows them, in order: in lower case, without macrons and
--     accents. A hyphenated word such as COVID-19 is one word, except in a phrase. A word that ends in * matches every
--     word that begins with it. Function words such as the, did or what are left out if other words remain; a word in
--     capitals such as WHO, in quotes or with * stays. A short one in capitals that ends in S, such as AIDS, is no
--     plural. What follows an apostrophe, such as the s in Minister's, is not a word.
-- grain: position
-- example: select term, choice from search_words('What did the Minister say about rail OR "Cook Strait" ferries?')
create or replace macro main.search_words(question) as table (
    with asked as (
        select
            translate(nfc_normalize(question::varchar), '“”„‐‑–’', '"""---''') as plain_question,
            string_split(plain_question, '"') as parts
    ),

    -- Every second part stands in quotes. A quotation mark that nothing closes begins no phrase.
    divided as (
        select
            plain_question <> upper(plain_question) as has_small_letters,
            unnest(parts) as part,
            generate_subscripts(parts, 1) as part_number,
            case when part_number % 2 = 0 and part_number < len(parts) then part_number // 2 end as phrase_number
        from asked
    ),

    -- DuckDB takes milliseconds to compile the letters of all scripts: since the pattern is not a constant, it does so
    -- only if a part needs them.
    tokenised as (
        select
            *,
            regexp_extract_all(
                case when phrase_number is null then part else replace(part, '-', ' ') end,
                case when strlen(part) = length(part) then '(?:\w-?)+\*?' else '(?:[\p{L}\p{N}_]-?)+\*?' end
            ) as tokens
        from divided
    ),

    numbered as (
        select
            has_small_letters,
            phrase_number,
            unnest(tokens) as token,
            (part_number << 32) + generate_subscripts(tokens, 1) as place
        from tokenised
    ),

    described as (
        select
            place,
            phrase_number,
            rtrim(lower(strip_accents(token)), '-*') as term,
            ends_with(token, '*') as is_prefix,
            -- Not in a question in capitals: its words may be plurals.
            length(token) <= 5
            and regexp_full_match(token, '[A-Z]+S')
            and (has_small_letters or count(*) over () = 1) as is_whole,
            coalesce(phrase_number, -place) as unit,
            phrase_number is null and token = 'OR' as is_or,
            coalesce(lag(is_or) over (order by place), false) as is_alternative,
            phrase_number is null
            and not is_prefix
            and not (has_small_letters and length(token) > 1 and token = upper(token))
            and list_contains(string_split(
                'a about above after again all also am an and any are as at be been before being between both '
                || 'but by can could did do does doing done during each few for from further had has have having '
                || 'he her here hers him his how i if in into is it its many me more most much my no nor not of '
                || 'off on once only or other our ours own same she should so some such than that the their '
                || 'theirs them then there these they this those through to too under until very was we were '
                || 'what when where which while who whom whose why will with would you your', ' '
            ), term) as is_function_word
        from numbered
    ),

    counted as (
        select
            *,
            row_number() over (order by place) as word_number,
            list(term) over (order by place rows between 1 following and 3 following) as next_words
        from described
    ),

    kept as (
        select
            *,
            lag(unit) over (order by place) as unit_before
        from counted
        where not is_or and length(term) between 1 and 64 and term not in ('s', 't', 'll', 're', 've', 'd', 'm')
        qualify
            (phrase_number is not null or row_number() over (partition by term, phrase_number order by place) = 1)
            and (not is_function_word or bool_and(is_function_word) over ())
    )

    select
        term,
        is_prefix,
        (row_number() over (order by place))::integer as position,
        phrase_number::integer as phrase_number,
        -- Words joined by OR, and those of a phrase, are one choice.
        (
            count(*) filter (not is_alternative and unit is distinct from unit_before) over (order by place)
        )::integer as choice,
        -- What is left out before the next word, such as the of in Cup of Tea, up to three words.
        array_to_string(
            list_slice(next_words, 1, lead(word_number) over (order by place) - word_number - 1), ' '
        ) as words_between,
        is_whole
    from kept
    order by position
);
