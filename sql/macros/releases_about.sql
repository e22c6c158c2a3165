-- description: Releases about something, best match first, all of them: with all words of a search if ten releases or
--     more have them, else followed by releases with most of its words. Words count in all their forms (whale, whales,
--     whaling), written as one word or two, by a synonym of the seed search_synonyms, and if hardly a release has them
--     also by their nearest spelling; read_as says which. Case, macrons and accents are ignored. Words in double quotes
--     must stand next to each other as written. OR between two words or phrases means that either will do. A word that
--     ends in * matches every word that begins with it. Ranked by BM25 (k1 1.2, b 0.75), raised by words and word pairs
--     in the title. Filters: minister and portfolio (any name that minister_id_of or portfolio_id_of understands;
--     another is an error), since and until (New Zealand dates, both included). recent := true halves the score of a
--     release for each five years that it is older than the newest one. Columns: release_id, nz_date, title, url,
--     score, rank, match_count (number of releases with all words, copies included), matched_words and missing_words
--     (NULL if none is missing), read_as (NULL if the words are in the release as asked), copy_of (release_id of the
--     better ranked release with the same text, else NULL; copies rank last).
-- grain: release_id
-- warning: Releases that lack words are among the rows if fewer than ten have all: to count matches, use match_count or
--     `where missing_words is null`.
-- example: select title from releases_about('"asylum system" member', minister := 'Dalziel', since := '2003-01-01')
create or replace macro main.releases_about(
    question, minister := null, portfolio := null, since := null, until := null, recent := false
) as table ( -- noqa: disable=RF02
    -- Arguments may be columns of an outer query: they are renamed here, where no column has the same name.
    with given as materialized (
        select
            main.minister_id_of(minister) as given_minister,
            main.portfolio_id_of(portfolio) as given_portfolio,
            since::date as given_since,
            until::date as given_until,
            recent::boolean as given_recent
    ),

    words as materialized (
        from main.search_words(question)
    ),

    neighbours as materialized (
        select
            one.term || ' ' || other.term as wording,
            replace(one.term || other.term, '-', '') as term_key
        from words as one
        inner join words as other
            on one.choice + 1 = other.choice
        where coalesce(one.phrase_number, other.phrase_number) is null and not one.is_prefix and not other.is_prefix
    ),

    synonyms as materialized (
        select
            search_synonym.wording,
            search_synonym.meaning,
            unnest(string_split(search_synonym.meaning, ' ')) as part
        from core.search_synonym
        where
            search_synonym.wording in (
                select words.term
                from words
                where words.phrase_number is null
            )
            or search_synonym.wording in (select neighbours.wording from neighbours)
    ),

    -- What is looked up in the index: each word, the parts of one with hyphens, two words written as one, synonyms.
    forms as (
        select
            term,
            replace(term, '-', '') as term_key
        from words
        where not is_prefix
        union
        select
            unnest(string_split(term, '-')) as term,
            unnest(string_split(term, '-')) as term_key
        from words
        where contains(term, '-')
        union
        from neighbours
        union
        select
            part as term,
            part as term_key
        from synonyms
    ),

    entries as materialized (
        select
            forms.term,
            search_term.term as entry_term,
            search_term.term_number,
            search_term.family,
            search_term.release_count
        from core.search_term
        inner join forms using (term_key)
    ),

    -- A hyphenated word that is in no release is taken apart.
    parted as (
        select
            *,
            case
                when is_prefix or term in (select entries.term from entries) then [term]
                else string_split(term, '-')
            end as parts
        from words
    ),

    listed as (
        select
            unnest(parts) as term,
            case when len(parts) > 1 then generate_subscripts(parts, 1) else 0 end as part_number,
            is_prefix,
            position,
            phrase_number,
            choice
        from parted
    ),

    asked as materialized (
        select
            term,
            is_prefix,
            phrase_number,
            row_number() over (order by position, part_number) as position,
            dense_rank() over (order by choice, part_number)::integer as choice
        from listed
    ),

    choices as materialized (
        select
            choice,
            string_agg(term || case when is_prefix then '*' else '' end, ' ' order by position) as label
        from asked
        group by choice
    ),

    names as (
        select lower(strip_accents(unnest(regexp_extract_all(minister_name, '[\p{L}\p{N}_]+')))) as term
        from core.dim_minister
        where is_person
    ),

    -- Names of ministers, and words in quotes, have no other forms: Peters is not Peter.
    known as (
        select
            asked.choice,
            asked.term,
            asked.phrase_number,
            entries.family,
            entries.entry_term,
            entries.term_number,
            coalesce(entries.release_count, 0) as release_count,
            asked.phrase_number is not null or asked.term in (select names.term from names) as is_exact
        from asked
        left join entries using (term)
        where not asked.is_prefix
    ),

    rare as (
        select
            choice,
            term,
            max(release_count) as release_count
        from known
        where phrase_number is null and length(term) >= 4 and regexp_full_match(term, '[^\d_-]+')
        group by choice, term
        having max(release_count) < 5
    ),

    -- The nearest spelling, if far more releases have it.
    guesses as (
        select
            rare.choice,
            rare.term,
            arg_max(
                struct_pack(family := search_term.family, term := search_term.term),
                ln(search_term.release_count) - 4 * damerau_levenshtein(search_term.term, rare.term)
            ) as guess
        from core.search_term
        inner join rare
            on left(search_term.term, 1) = left(rare.term, 1)
        where
            search_term.release_count >= 30 * rare.release_count
            and abs(length(search_term.term) - length(rare.term)) <= 2
            and not contains(search_term.term, '-')
            and damerau_levenshtein(search_term.term, rare.term) <= case when length(rare.term) < 8 then 1 else 2 end
        group by rare.choice, rare.term
    ),

    sought as (
        select
            choice,
            term as wording,
            1 as width
        from asked
        where phrase_number is null and not is_prefix
        union all
        select
            one.choice,
            one.term || ' ' || other.term as wording,
            2 as width
        from asked as one
        inner join asked as other
            on one.choice + 1 = other.choice
        where coalesce(one.phrase_number, other.phrase_number) is null and not one.is_prefix and not other.is_prefix
    ),

    -- Readings of the question: what fulfils one choice, or two that follow each other. A release must have a word of
    -- each slot.
    slots as materialized (
        select
            choice,
            1 as width,
            case when phrase_number is null then term else '"' || phrase_number end as reading,
            term as slot,
            case when not is_exact then family end as family,
            term as exact_term,
            case when is_exact then term_number end as term_number,
            phrase_number,
            1.0 as trust,
            null as note
        from known
        union all
        select
            choice,
            1 as width,
            term || '?' as reading,
            term as slot,
            guess.family,
            guess.term as exact_term,
            null as term_number,
            null as phrase_number,
            0.8 as trust,
            term || ' → ' || guess.term as note
        from guesses
        union all
        select
            sought.choice,
            2 as width,
            sought.wording as reading,
            'both' as slot,
            entries.family,
            entries.entry_term as exact_term,
            null as term_number,
            null as phrase_number,
            1.0 as trust,
            sought.wording || ' → ' || entries.entry_term as note
        from sought
        inner join entries
            on sought.wording = entries.term
        where sought.width = 2 and entries.release_count > 2
        union all
        select
            sought.choice,
            sought.width,
            synonyms.wording || '=' || synonyms.meaning as reading,
            synonyms.part as slot,
            entries.family,
            entries.term as exact_term,
            null as term_number,
            null as phrase_number,
            0.9 as trust,
            synonyms.wording || ' → ' || synonyms.meaning as note
        from sought
        inner join synonyms using (wording)
        left join entries
            on synonyms.part = entries.term
    ),

    slot_terms as (
        select
            slots.choice,
            slots.reading,
            slots.slot,
            search_term.term_number,
            max(case when search_term.term = slots.exact_term then 1.0 else 0.7 end) as form_weight
        from core.search_term
        inner join slots using (family)
        group by slots.choice, slots.reading, slots.slot, search_term.term_number
        union all
        select
            choice,
            reading,
            slot,
            term_number,
            1.0 as form_weight
        from slots
        where term_number is not null
        union all
        select
            asked.choice,
            case when asked.phrase_number is null then asked.term || '*' else '"' || asked.phrase_number end as reading,
            asked.term || '*' as slot,
            search_term.term_number,
            1.0 as form_weight
        from core.search_term
        inner join asked
            on starts_with(search_term.term, asked.term)
        where asked.is_prefix
    ),

    all_slots as (
        select
            choice,
            width,
            reading,
            slot,
            phrase_number,
            trust,
            note
        from slots
        union all
        select
            choice,
            1 as width,
            case when phrase_number is null then term || '*' else '"' || phrase_number end as reading,
            term || '*' as slot,
            phrase_number,
            1.0 as trust,
            null as note
        from asked
        where is_prefix
    ),

    readings as materialized (
        select
            choice,
            reading,
            row_number() over () as reading_number,
            any_value(width) as width,
            any_value(phrase_number) as phrase_number,
            any_value(trust) as trust,
            any_value(note) as note,
            count(distinct slot) as slot_count
        from all_slots
        group by choice, reading
    ),

    numbered as materialized (
        select
            readings.reading_number,
            slot_terms.term_number,
            slot_terms.form_weight,
            dense_rank() over (order by readings.reading_number, slot_terms.slot) as slot_number
        from slot_terms
        inner join readings using (choice, reading)
    ),

    uses as materialized (
        select
            numbered.reading_number,
            numbered.slot_number,
            search_posting.search_number,
            sum(numbered.form_weight * search_posting.use_count) as use_count,
            max((search_posting.title_count > 0)::integer) as title_count
        from core.search_posting
        inner join numbered using (term_number)
        group by numbered.reading_number, numbered.slot_number, search_posting.search_number
    ),

    whole as (
        select
            count(*) as release_count,
            greatest(avg(word_count), 1) as average_word_count,
            max(nz_date) as last_date
        from core.fact_release
    ),

    weights as (
        select
            uses.slot_number,
            ln(1 + (whole.release_count - count(*) + 0.5) / (count(*) + 0.5)) as weight
        from uses
        cross join whole
        group by uses.slot_number, whole.release_count
    ),

    allowed as (
        select
            fact_release.search_number,
            fact_release.word_count / whole.average_word_count as relative_length
        from core.fact_release
        cross join given
        cross join whole
        where
            (given.given_since is null or fact_release.nz_date >= given.given_since)
            and (given.given_until is null or fact_release.nz_date <= given.given_until)
            and (
                given.given_minister is null or fact_release.release_id in (
                    select bridge.release_id
                    from core.bridge_release_minister as bridge
                    inner join given as wanted_person
                        on bridge.minister_id = wanted_person.given_minister
                    where not bridge.is_out_of_government
                )
            )
            and (
                given.given_portfolio is null or fact_release.release_id in (
                    select bridge.release_id
                    from core.bridge_release_portfolio as bridge
                    inner join given as wanted_portfolio
                        on bridge.portfolio_id = wanted_portfolio.given_portfolio
                )
            )
    ),

    scores as materialized (
        select
            uses.reading_number,
            uses.search_number,
            weights.weight * (
                uses.use_count * 2.2 / (uses.use_count + 1.2 * (0.25 + 0.75 * allowed.relative_length))
                + 0.5 * uses.title_count
            ) as score,
            weights.weight,
            uses.title_count
        from uses
        inner join weights using (slot_number)
        inner join allowed using (search_number)
    ),

    -- Most readings have one slot: their many rows need no aggregation.
    hits as materialized (
        select scores.*
        from scores
        inner join readings using (reading_number)
        where readings.slot_count = 1
        union all
        select
            scores.reading_number,
            scores.search_number,
            sum(scores.score) as score,
            sum(scores.weight) as weight,
            min(scores.title_count) as title_count
        from scores
        inner join readings using (reading_number)
        where readings.slot_count > 1
        group by scores.reading_number, scores.search_number, readings.slot_count
        having count(*) = readings.slot_count
    ),

    served as materialized (
        select
            reading_number,
            unnest(range(choice, choice + width)) as choice,
            width,
            trust,
            note,
            phrase_number
        from readings
    ),

    placed as (
        select
            *,
            lead(position) over (partition by phrase_number order by position) is null as is_last
        from asked
        where phrase_number is not null
    ),

    -- Words of a phrase between spaces; only where a word before the last is a beginning, a slow pattern is needed.
    phrases as (
        select
            phrase_number,
            ' ' || string_agg(term || case when is_last and is_prefix then '' else ' ' end, '' order by position)
                as wording,
            case
                when bool_or(is_prefix and not is_last)
                    then
                        ' ' || string_agg(
                            term || case when is_prefix then '[\p{L}\p{N}_]* ' else ' ' end, '' order by position
                        )
            end as pattern
        from placed
        group by phrase_number
    ),

    -- Texts are read for phrases only: of the releases with all words, or of all if there are none.
    complete as materialized (
        select hits.search_number
        from hits
        inner join served using (reading_number)
        where exists (select 1 from phrases)
        group by hits.search_number
        having count(distinct served.choice) = (select count(*) from choices)
    ),

    suspected as materialized (
        select
            hits.reading_number,
            hits.search_number,
            fact_release.release_id,
            fact_release.title,
            phrases.wording,
            phrases.pattern
        from hits
        inner join readings using (reading_number)
        inner join phrases using (phrase_number)
        inner join core.fact_release using (search_number)
        where
            hits.search_number in (select complete.search_number from complete)
            or not exists (select 1 from complete)
    ),

    phrased as (
        select
            suspected.reading_number,
            suspected.search_number
        from suspected
        inner join core.release_text using (release_id)
        where
            case
                when suspected.pattern is null
                    then
                        contains(lower(release_text.body), suspected.wording)
                        or contains(lower(release_text.body), rtrim(suspected.wording) || '.')
                        or contains(lower(release_text.body), rtrim(suspected.wording) || ',')
                        or contains(main.phrase_text(suspected.title), suspected.wording)
                        or contains(main.phrase_text(release_text.body), suspected.wording)
                        or contains(main.phrase_text(release_text.cleaned_body), suspected.wording)
                else
                    regexp_matches(main.phrase_text(suspected.title), suspected.pattern)
                    or regexp_matches(main.phrase_text(release_text.body), suspected.pattern)
                    or regexp_matches(main.phrase_text(release_text.cleaned_body), suspected.pattern)
            end
    ),

    verified as (
        select hits.*
        from hits
        inner join readings using (reading_number)
        where readings.phrase_number is null
        union all
        select hits.*
        from hits
        inner join phrased using (reading_number, search_number)
    ),

    shared as (
        select
            *,
            count(*) over (partition by choice) as reading_count
        from served
    ),

    answered as (
        select
            verified.search_number,
            shared.choice,
            verified.score * shared.trust / shared.width as score,
            verified.weight / shared.width as weight,
            verified.title_count,
            shared.note,
            shared.reading_count
        from verified
        inner join shared using (reading_number)
    ),

    best as materialized (
        select
            search_number,
            choice,
            score,
            weight,
            title_count,
            note
        from answered
        where reading_count = 1
        union all
        select
            search_number,
            choice,
            max(score) as score,
            max(weight) as weight,
            max(title_count) as title_count,
            case when bool_and(note is not null) then arg_max(note, score) end as note
        from answered
        where reading_count > 1
        group by search_number, choice
    ),

    heaviest as (
        select max(weight) as weight
        from best
        group by choice
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
            (select count(*) from choices) as choice_count,
            (select sum(heaviest.weight) from heaviest) as weight,
            count(*) filter (scored.choice_count = (select count(*) from choices)) as match_count
        from scored
    ),

    kept as materialized (
        select
            scored.search_number,
            scored.score,
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
            list(best.choice) as found_choices,
            array_to_string(list_distinct(list(best.note order by best.choice)), ', ') as read_as
        from best
        cross join matched
        where
            (matched.match_count < 10 or best.note is not null)
            and best.search_number in (select kept.search_number from kept)
        group by best.search_number
    ),

    word_pairs as (
        select list(' ' || one.term || ' ' || other.term || ' ') as pairs
        from asked as one
        inner join asked as other
            on one.position + 1 = other.position
    ),

    found as (
        select
            fact_release.release_id as found_id,
            fact_release.nz_date as found_date,
            fact_release.title as found_title,
            fact_release.url as found_url,
            fact_release.twin_group_id as found_group,
            kept.has_all,
            kept.match_count,
            told.found_choices,
            nullif(told.read_as, '') as read_as,
            round(
                kept.score
                * (
                    1 + 0.5 * kept.title_share
                    -- Words next to each other in the title, and a title with little else.
                    + case
                        when kept.title_share > 0 and word_pairs.pairs is not null
                            then
                                0.5 * len(list_filter(
                                    word_pairs.pairs,
                                    lambda pair: contains(main.phrase_text(fact_release.title), pair)
                                )) / len(word_pairs.pairs)
                        else 0
                    end
                    + 5 * kept.title_share / greatest(length(fact_release.title), 10)
                )
                * case
                    when given.given_recent
                        then coalesce(0.5 ** ((whole.last_date - fact_release.nz_date) / 1826.0), 0)
                    else 1
                end, 6
            ) as found_score
        from kept
        inner join core.fact_release using (search_number)
        left join told using (search_number)
        cross join word_pairs
        cross join given
        cross join whole
    ),

    firsts as (
        select
            found_group,
            arg_max(found_id, struct_pack(has_all := has_all, score := found_score, id := found_id)) as first_id
        from found
        where found_group is not null
        group by found_group
    ),

    ranked as (
        select
            found.*,
            nullif(firsts.first_id, found.found_id) as copy_of
        from found
        left join firsts using (found_group)
    )

    select
        ranked.found_id as release_id,
        ranked.found_date as nz_date,
        ranked.found_title as title,
        ranked.found_url as url,
        ranked.found_score as score,
        row_number() over (
            order by
                ranked.copy_of is not null, ranked.has_all desc, ranked.found_score desc,
                ranked.found_date desc nulls last, ranked.found_id
        ) as rank,
        ranked.match_count,
        case
            when ranked.has_all then (select string_agg(choices.label, ', ' order by choices.choice) from choices)
            else (
                select string_agg(choices.label, ', ' order by choices.choice)
                from choices
                where list_contains(ranked.found_choices, choices.choice)
            )
        end as matched_words,
        case
            when not ranked.has_all
                then (
                    select string_agg(choices.label, ', ' order by choices.choice)
                    from choices
                    where not list_contains(ranked.found_choices, choices.choice)
                )
        end as missing_words,
        ranked.read_as,
        ranked.copy_of
    from ranked
    order by rank
);
