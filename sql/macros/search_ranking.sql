-- description: What the macro releases_about returns, for a search without the releases that a filter leaves out.
--     Arguments: the question, the search_numbers of these releases or NULL, and whether newer releases rank higher.
-- grain: release_id
-- example: select title from search_ranking('asylum system', null, false) order by rank
create or replace macro main.search_ranking(question, left_out, recent) as table ( -- noqa: disable=RF02
    -- Arguments may be columns of an outer query: they are used where no column has the same name. A part that a
    -- question does not need reads one of these; if the arguments are constants, DuckDB leaves it out of the plan.
    with given_marks as (
        select 1
        where regexp_matches(question::varchar, '["“”„]')
    ),

    given_hyphens as (
        select 1
        where regexp_matches(question::varchar, '[-‐‑–]')
    ),

    given_stars as (
        select 1
        where contains(question::varchar, '*')
    ),

    given_years as (
        select 1
        where regexp_matches(question::varchar, '\b(19|20)\d\d\b')
    ),

    given_recent as (
        select 1
        where recent::boolean
    ),

    newest as (
        select max(fact_release.nz_date) as newest_date
        from core.fact_release
        cross join given_recent
    ),

    -- A hyphenated word that is in no release is taken apart.
    parted as (
        select
            *,
            case
                when
                    is_prefix
                    or not contains(term, '-')
                    or md5_number_lower(replace(term, '-', '')) in (
                        select search_term.term_key
                        from core.search_term
                        cross join given_hyphens
                    ) then [term]
                else string_split(term, '-')
            end as parts
        from main.search_words(question)
    ),

    listed as (
        select
            words_between,
            is_whole,
            is_prefix or phrase_number is not null or len(parts) > 1 as is_apart,
            is_prefix,
            phrase_number,
            position,
            choice,
            unnest(parts) as term,
            case when len(parts) > 1 then generate_subscripts(parts, 1) else 0 end as part_number
        from parted
    ),

    asked as materialized (
        select
            term,
            is_prefix,
            phrase_number,
            (row_number() over (order by position, part_number))::integer as position,
            (dense_rank() over (order by choice, part_number))::integer as choice,
            is_whole,
            list(term) over next_words as next_terms,
            list(choice) over next_words as next_choices,
            list(is_apart) over next_words as next_are_apart,
            case when lead(position) over next_words > position then words_between else '' end as words_between,
            case when phrase_number is null then 1 else count(*) over (partition by phrase_number) end as word_count
        from listed
        window next_words as (order by position, part_number rows between current row and 4 following)
    ),

    -- Each word, and up to five words that follow each other: they may be written as one, or have a synonym.
    wordings as materialized (
        select
            choice,
            width,
            case when width = 1 then phrase_number end as phrase_number,
            width = 1 and is_whole as is_whole,
            case when width = 1 then word_count else 1 end as word_count,
            position,
            array_to_string(next_terms[:width], ' ') as wording,
            md5_number_lower(replace(array_to_string(next_terms[:width], ''), '-', '')) as term_key
        from (
            select
                *,
                unnest([1, 2, 3, 4, 5]) as width
            from asked
        ) as widened
        where
            not is_prefix
            and (
                width = 1
                or (
                    next_choices[:width] = range(next_choices[1], next_choices[1] + width)
                    and not list_contains(next_are_apart[:width], true)
                )
            )
    ),

    known as materialized (
        select
            wordings.choice,
            wordings.width,
            wordings.phrase_number,
            wordings.is_whole,
            wordings.word_count,
            wordings.position,
            wordings.wording,
            arg_max(search_term.term, (search_term.release_count, search_term.term)) as known_term,
            list(search_term.term_number) as own_numbers,
            list_distinct(flatten(list(search_term.forms))) as forms,
            max(search_term.release_count) as release_count,
            min(search_term.weight) as weight
        from wordings
        left join core.search_term using (term_key)
        group by all
    ),

    rare as (
        select
            choice,
            wording,
            coalesce(release_count, 0) as release_count,
            unicode(wording) as initial
        from known
        where
            width = 1
            and phrase_number is null
            and coalesce(release_count, 0) < 5
            and length(wording) >= 4
            and regexp_full_match(wording, '[^\d_-]+')
    ),

    -- The nearest spelling, if far more releases have it.
    guesses as (
        select
            rare.choice,
            rare.wording,
            arg_max(
                search_term,
                (
                    ln(search_term.release_count) - 4 * damerau_levenshtein(search_term.term, rare.wording),
                    search_term.term
                )
            ) as guess
        from core.search_term
        inner join rare using (initial)
        where
            search_term.release_count >= 30 * rare.release_count
            and abs(length(search_term.term) - length(rare.wording)) <= 2
            and not contains(search_term.term, '-')
            and damerau_levenshtein(search_term.term, rare.wording) <= 2 - (length(rare.wording) < 8)::integer
        group by rare.choice, rare.wording
    ),

    -- Readings of the question: what fulfils one choice, or several that follow each other. A release must have a word
    -- of each slot of a reading.
    slots as (
        select
            choice,
            width,
            case when phrase_number is null then wording else '"' || phrase_number end as reading,
            phrase_number,
            word_count as slot_count,
            case when width > 1 then wording || ' → ' || known_term end as note,
            1.0 as trust,
            weight,
            own_numbers,
            case when phrase_number is null and not is_whole then forms else own_numbers end as term_numbers
        from known
        where release_count > case when width = 1 then 0 else 2 end
        union all
        -- The word 2018 or a date in 2018; the number of a year below zero is in no release.
        select
            choice,
            1 as width,
            wording || '@' as reading,
            null as phrase_number,
            1 as slot_count,
            wording || ' → date in ' || wording as note,
            1.0 as trust,
            coalesce(weight, 3) as weight,
            [-wording::integer] as own_numbers,
            [-wording::integer] as term_numbers
        from known
        cross join given_years
        where width = 1 and phrase_number is null and regexp_full_match(wording, '(19|20)\d\d')
        union all
        select
            choice,
            1 as width,
            wording || '?' as reading,
            null as phrase_number,
            1 as slot_count,
            wording || ' → ' || guess.term as note,
            0.8 as trust,
            guess.weight,
            [guess.term_number] as own_numbers,
            guess.forms as term_numbers
        from guesses
        union all
        select
            wordings.choice,
            wordings.width,
            wordings.wording || '=' || search_synonym.meaning as reading,
            null as phrase_number,
            search_synonym.part_count as slot_count,
            wordings.wording || ' → ' || search_synonym.meaning as note,
            0.9 as trust,
            search_synonym.weight,
            [search_synonym.term_number] as own_numbers,
            search_synonym.forms as term_numbers
        from core.search_synonym
        inner join wordings using (term_key)
        where wordings.phrase_number is null
        union all
        select
            asked.choice,
            1 as width,
            case when asked.phrase_number is null then asked.term || '*' else '"' || asked.phrase_number end as reading,
            asked.phrase_number,
            any_value(asked.word_count) as slot_count,
            null as note,
            1.0 as trust,
            min(search_term.weight) as weight,
            list(search_term.term_number) as own_numbers,
            own_numbers as term_numbers
        from core.search_term
        inner join asked
            on starts_with(search_term.term, asked.term)
        cross join given_stars
        where asked.is_prefix
        group by asked.choice, asked.position, asked.term, asked.phrase_number
    ),

    numbered as materialized (
        select
            *,
            row_number() over (order by choice, reading) as slot_number,
            dense_rank() over (order by choice, reading) as reading_number
        from slots
    ),

    -- A reading of several words serves each.
    choices as (
        select
            slot_number,
            reading_number,
            slot_count,
            phrase_number,
            weight / width as weight,
            weight * trust / width as trusted_weight,
            -- A year in a title, such as Budget 2016, does not make the release one of what else is asked for.
            case when regexp_full_match(reading, '(19|20)\d\d') then 0 else 1 end as title_worth,
            case when note is null then 0 else slot_number end as note_number,
            unnest(range(choice, choice + width)) as choice
        from numbered
    ),

    -- Most words have one reading of one slot: their many rows need no aggregation.
    served as (
        select
            *,
            slot_count = 1
            and phrase_number is null
            and min(reading_number) over (partition by choice) = max(reading_number) over (partition by choice)
                as is_simple
        from choices
    ),

    -- A release with nothing but words that together weigh less than 0.4 of another, such as New Zealand, is not kept
    -- below: these words are looked up only in releases with another word. With a filter, no release may have that one.
    lesser as (
        select slot_number
        from served
        where left_out is null
        qualify sum(weight) over (order by weight) < 0.39 * max(weight) filter (is_simple) over ()
    ),

    numbers as (
        select
            slot_number,
            unnest(term_numbers) as term_number,
            list_contains(own_numbers, term_number) as is_own,
            slot_number in (select lesser.slot_number from lesser) as is_lesser
        from numbered
    ),

    excluded as (
        select unnest(left_out::integer[]) as search_number
    ),

    major as materialized (
        select
            numbers.slot_number,
            numbers.is_own,
            search_posting.search_number,
            search_posting.strength,
            search_posting.is_in_title
        from core.search_posting
        inner join numbers using (term_number)
        anti join excluded using (search_number)
        where not numbers.is_lesser
        union all
        select
            numbers.slot_number,
            true as is_own,
            fact_release.search_number,
            100 as strength,
            false as is_in_title
        from core.fact_release
        inner join numbers on year(fact_release.nz_date) = -numbers.term_number
        cross join given_years
        anti join excluded using (search_number)
    ),

    postings as (
        from major
        union all
        select
            numbers.slot_number,
            numbers.is_own,
            search_posting.search_number,
            search_posting.strength,
            search_posting.is_in_title
        from core.search_posting
        inner join numbers using (term_number)
        semi join major using (search_number)
        where numbers.is_lesser
    ),

    uses as (
        select
            slot_number,
            search_number,
            sum(case when is_own then 1 else 0.7 end::float * strength / (127 - strength)) as strength,
            max(is_in_title::integer) as title_count
        from postings
        group by slot_number, search_number
    ),

    hits as materialized (
        select
            served.choice,
            served.reading_number,
            served.slot_count,
            served.phrase_number,
            served.is_simple,
            served.note_number,
            served.weight,
            uses.search_number,
            uses.title_count * served.title_worth as title_count,
            served.trusted_weight * (2.2 * uses.strength / (1 + uses.strength) + 0.5 * title_count) as score
        from uses
        inner join served using (slot_number)
    ),

    fulfilled as (
        select
            choice,
            reading_number,
            phrase_number,
            search_number,
            sum(weight) as weight,
            sum(score) as score,
            min(title_count) as title_count,
            min(note_number) as note_number
        from hits
        where not is_simple
        group by choice, reading_number, phrase_number, slot_count, search_number
        having count(*) = slot_count
    ),

    -- Words of a phrase between spaces; only where a word is a beginning, a slow pattern is needed.
    phrases as (
        select
            phrase_number,
            ' ' || string_agg(term || ' ', '' order by position) as wording,
            case
                when bool_or(is_prefix)
                    then
                        ' ' || string_agg(
                            term || case when is_prefix then '[\p{L}\p{N}_]* ' else ' ' end, '' order by position
                        )
            end as pattern
        from asked
        cross join given_marks
        where phrase_number is not null
        group by phrase_number
    ),

    -- Texts are read for phrases only: of the releases with all words, or of all if there are none.
    likely as (
        select
            search_number,
            count(distinct choice) as answer_count
        from (
            select
                search_number,
                choice
            from hits
            where is_simple
            union all
            select
                search_number,
                choice
            from fulfilled
        ) as answered
        cross join given_marks
        group by search_number
        qualify
            answer_count = max(answer_count) over ()
            or max(answer_count) over () < (select max(asked.choice) from asked)
    ),

    suspected as (
        select
            fulfilled.reading_number,
            fulfilled.search_number,
            phrases.wording,
            phrases.pattern
        from fulfilled
        inner join phrases using (phrase_number)
        inner join likely using (search_number)
    ),

    -- Most of the time goes into unpacking texts. A phrase in the title needs none, which -1 says: DuckDB would read
    -- all texts if the only row sought were NULL.
    placed as materialized (
        select
            suspected.*,
            fact_release.title,
            case
                when contains(' ' || lower(fact_release.title) || ' ', suspected.wording) then -1
                else release_text.rowid
            end as text_row,
            dense_rank() over (order by text_row // 2048) % 2 as half
        from suspected
        inner join core.fact_release using (search_number)
        inner join core.release_text using (release_id)
        cross join given_marks
    ),

    -- DuckDB unpacks 2048 texts at once: sought by rowid, those of blocks that have one of the releases; by release_id,
    -- all between the first and the last. Two processors share the blocks: one alone would read them all.
    texts as (
        select
            placed.*,
            release_text.body,
            release_text.cleaned_body
        from placed
        left join core.release_text
            on placed.text_row = release_text.rowid
        cross join given_marks
        where placed.half = 0
        union all
        select
            placed.*,
            release_text.body,
            release_text.cleaned_body
        from placed
        left join core.release_text
            on placed.text_row = release_text.rowid
        cross join given_marks
        where placed.half = 1
    ),

    -- The word _ keeps a phrase from running from the title into the text.
    pages as (
        select
            *,
            concat_ws(' _ ', title, body, cleaned_body) as page,
            case when contains(lower(page), wording) then wording else main.phrase_text(page) end as seen
        from texts
    ),

    phrased as (
        select
            reading_number,
            search_number
        from pages
        where case when pattern is null then contains(seen, wording) else regexp_matches(seen, pattern) end
    ),

    verified as (
        select * exclude (phrase_number)
        from fulfilled
        where phrase_number is null
        union all
        select fulfilled.* exclude (phrase_number)
        from fulfilled
        inner join phrased using (reading_number, search_number)
        cross join given_marks
    ),

    best as materialized (
        select
            choice,
            search_number,
            score,
            weight,
            title_count,
            note_number
        from hits
        where is_simple
        union all
        select
            choice,
            search_number,
            max(score) as score,
            max(weight) as weight,
            max(title_count) as title_count,
            min(note_number) as note_number
        from verified
        group by choice, search_number
    ),

    labels as (
        select
            choice,
            string_agg(term || case when is_prefix then '*' else '' end, ' ' order by position) as label,
            -- As typed, such as Working for Families, and without the words between.
            list([
                replace(concat_ws(' ', '', term, nullif(words_between, ''), next_terms[2], ''), '-', ' '),
                replace(concat_ws(' ', '', term, next_terms[2], ''), '-', ' ')
            ]) filter (len(next_terms) > 1) as pairs,
            bool_or(phrase_number is not null or regexp_full_match(term, '(19|20)\d\d')) as is_phrase
        from asked
        group by choice
    ),

    -- One row: the question in words, and what stands beside each other in it.
    spoken as materialized (
        select
            list(label order by choice) as all_labels,
            range(1, count(*) + 1) as all_choices,
            count(*) as choice_count,
            flatten(list(pairs)) as all_pairs,
            bool_or(is_phrase) as has_phrase
        from labels
    ),

    scored as materialized (
        select
            search_number,
            sum(score) as score,
            sum(weight) as weight,
            sum(title_count) as title_count,
            count(*) as choice_count
        from best
        group by search_number
    ),

    matched as materialized (
        select
            any_value(spoken.choice_count) as choice_count,
            max(scored.weight) as weight,
            count(*) filter (scored.choice_count = spoken.choice_count) as match_count
        from scored
        cross join spoken
    ),

    -- Only these are described below: far more have a word.
    kept as materialized (
        select
            scored.search_number,
            scored.score,
            scored.title_count,
            scored.title_count / matched.choice_count as title_share,
            scored.choice_count = matched.choice_count as has_all,
            matched.match_count
        from scored
        cross join matched
        where
            scored.choice_count = matched.choice_count
            or (matched.match_count < 10 and scored.weight >= 0.4 * matched.weight)
    ),

    told as (
        select
            best.search_number,
            list(best.choice order by best.choice) as found_choices,
            list(best.note_number order by best.choice) filter (best.note_number > 0) as note_numbers
        from best
        inner join kept using (search_number)
        where best.note_number > 0 or kept.match_count < 10
        group by best.search_number
    ),

    notes as (
        select
            list(note order by slot_number) as all_notes,
            list(slot_number) filter (trust = 0.8) as guessed_numbers
        from numbered
    ),

    found as materialized (
        select
            kept.*,
            fact_release.release_id,
            fact_release.nz_date,
            fact_release.title,
            fact_release.url,
            fact_release.twin_count > 1 as has_twins,
            fact_release.twin_group_id,
            told.found_choices,
            told.note_numbers,
            case
                when kept.title_count > 1 or (kept.title_count = 1 and spoken.has_phrase)
                    then ' ' || translate(lower(strip_accents(fact_release.title)), '-–‑’'':;,.?!"“”', '   ') || ' '
            end as title_words,
            round(
                kept.score
                * (
                    1 + 0.5 * kept.title_share
                    -- Words next to each other in the title, and a title with little else.
                    + coalesce(0.5 * len(list_filter(
                        spoken.all_pairs,
                        lambda pair: contains(title_words, pair[1]) or contains(title_words, pair[2])
                    )) / nullif(len(spoken.all_pairs), 0), 0)
                    + 5 * kept.title_share / greatest(length(fact_release.title), 10)
                )
                * case
                    when newest.newest_date is null then 1
                    else coalesce(0.5 ** ((newest.newest_date - fact_release.nz_date) / 1826.0), 0)
                end, 6
            ) as final_score
        from kept
        cross join spoken
        cross join newest
        inner join core.fact_release using (search_number)
        left join told using (search_number)
    ),

    firsts as (
        select
            twin_group_id,
            arg_max(release_id, (has_all, final_score, release_id)) as first_id
        from found
        where has_twins
        group by twin_group_id
    )

    select
        found.release_id,
        found.nz_date,
        found.title,
        found.url,
        found.final_score as score,
        row_number() over (
            order by
                nullif(firsts.first_id, found.release_id) is not null, found.has_all desc,
                coalesce(found.has_all and list_has_any(found.note_numbers, notes.guessed_numbers), false),
                found.final_score desc,
                found.nz_date desc nulls last, found.release_id desc
        ) as rank,
        found.match_count,
        array_to_string(
            list_select(
                spoken.all_labels, case when found.has_all then spoken.all_choices else found.found_choices end
            ), ', '
        ) as matched_words,
        case
            when not found.has_all
                then array_to_string(
                    list_select(
                        spoken.all_labels,
                        list_filter(
                            spoken.all_choices, lambda choice: not list_contains(found.found_choices, choice)
                        )
                    ), ', '
                )
        end as missing_words,
        array_to_string(list_distinct(list_transform(found.note_numbers, lambda number: notes.all_notes[number])), ', ')
            as read_as,
        nullif(firsts.first_id, found.release_id) as copy_of
    from found
    left join firsts using (twin_group_id)
    cross join spoken
    cross join notes
    order by rank
);
