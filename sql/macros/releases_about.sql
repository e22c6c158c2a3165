-- description: Releases whose title or text holds all words of a search, best match first; case, macrons and accents
--     are ignored. Words in double quotes must be next to each other, which is also checked in web addresses; only the
--     first three phrases are used. A word that ends in * matches every word that begins with it. Ranked by BM25 (k1
--     1.2, b 0.75), where a word in a title counts as five. Filters: minister and portfolio (any name that
--     minister_id_of or portfolio_id_of understands; another is an error), since and until (New Zealand dates, both
--     included). Returns the best 20 matches, or as many as the argument most says; all if it is NULL. Each twin is a
--     match of its own.
-- grain: release_id
-- warning: Write a phrase as a literal. If it is a parameter, its pattern is compiled again for each release.
-- example: select title from releases_about('"asylum system" member', minister := 'Dalziel', since := '2003-01-01')
create or replace macro main.releases_about(
    question, minister := null, portfolio := null, since := null, until := null, most := 20
) as table ( -- noqa: disable=RF02
    -- Arguments may be columns of an outer query: they are renamed here, where no column has the same name.
    with given as materialized (
        select
            main.minister_id_of(minister) as given_minister,
            main.portfolio_id_of(portfolio) as given_portfolio,
            since::date as given_since,
            until::date as given_until
    ),

    asked as (
        select
            term,
            is_prefix,
            position
        from main.search_words(question)
    ),

    whole as (
        select
            count(*) as release_count,
            greatest(avg(word_count), 1) as average_word_count
        from core.fact_release
    ),

    named as (
        select
            search_term.release_count,
            search_posting.search_number,
            search_posting.use_count
        from core.search_term
        inner join asked using (term)
        inner join core.search_posting using (term_number)
        where not asked.is_prefix
    ),

    begun as (
        select
            asked.position,
            search_posting.search_number,
            search_posting.use_count
        from core.search_term
        inner join asked on starts_with(search_term.term, asked.term)
        inner join core.search_posting using (term_number)
        where asked.is_prefix
    ),

    uses as (
        from named
        union all by name
        -- All words with the same beginning count as one word.
        select
            position,
            search_number,
            sum(use_count) as use_count,
            count(*) over (partition by position) as release_count
        from begun
        group by position, search_number
    ),

    scored as (
        select
            uses.search_number,
            sum((
                ln(1 + (whole.release_count - uses.release_count + 0.5) / (uses.release_count + 0.5))
                * uses.use_count * 2.2
                / (uses.use_count + 1.2 * (0.25 + 0.75 * fact_release.word_count / whole.average_word_count))
            )::decimal(18, 6)) as score
        from uses
        inner join core.fact_release using (search_number)
        cross join whole
        group by uses.search_number
        having count(*) = (select count(*) from asked)
    ),

    chosen as (
        select
            fact_release.release_id as found_id,
            fact_release.nz_date as found_date,
            fact_release.title as found_title,
            scored.score as found_score
        from scored
        inner join core.fact_release using (search_number)
        cross join given
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

    texts as (
        select
            release_id as found_id,
            body as found_body,
            cleaned_body as found_cleaned_body
        from core.release_text
    ),

    -- Texts are read for phrases only. Each pattern is a constant, to be compiled once and not for each release. Both
    -- texts are searched: choosing one with coalesce would copy all texts and take three times as long.
    kept as (
        select chosen.*
        from chosen
        where not contains(translate(question::varchar, '“”„', '"""'), '"')
        union all
        select chosen.*
        from chosen
        inner join texts using (found_id)
        where
            contains(translate(question::varchar, '“”„', '"""'), '"')
            and (
                regexp_matches(texts.found_body, coalesce(main.asked_phrase(question, 1), ''))
                or regexp_matches(texts.found_cleaned_body, main.asked_phrase(question, 1))
                or regexp_matches(nfc_normalize(chosen.found_title), main.asked_phrase(question, 1))
            )
            and (
                regexp_matches(texts.found_body, coalesce(main.asked_phrase(question, 2), ''))
                or regexp_matches(texts.found_cleaned_body, main.asked_phrase(question, 2))
                or regexp_matches(nfc_normalize(chosen.found_title), main.asked_phrase(question, 2))
            )
            and (
                regexp_matches(texts.found_body, coalesce(main.asked_phrase(question, 3), ''))
                or regexp_matches(texts.found_cleaned_body, main.asked_phrase(question, 3))
                or regexp_matches(nfc_normalize(chosen.found_title), main.asked_phrase(question, 3))
            )
    )

    select
        kept.found_id as release_id,
        kept.found_date as nz_date,
        kept.found_title as title,
        kept.found_score::double as score
    from kept
    order by kept.found_score desc, kept.found_date desc nulls last, kept.found_id asc
    limit most
);
