-- description: Releases about something, best match first, all of them: with all words of a search if ten releases or
--     more have them, else followed by releases with most of its words. Words count in all their forms (whale, whales,
--     whaling; but AIDS in capitals is no plural), written as one word or two, by a synonym of the seed
--     search_synonyms, and if hardly a release has them also by their nearest spelling, after the releases with the
--     words as typed; a year such as 2018 also by the date of the release. read_as says which. Case, macrons and
--     accents are ignored. Words in double quotes must stand next to each other as written. OR between two words or
--     phrases means that either will do. A word that ends in * matches every word that begins with it. Ranked by BM25
--     (k1 1.2, b 0.75), raised by words and word pairs in the title. Filters: minister and portfolio (any name that
--     minister_id_of or portfolio_id_of understands; another is an error), since and until (New Zealand dates, both
--     included). recent := true halves the score of a release for each five years that it is older than the newest one.
--     Columns: release_id, nz_date, title, url, score, rank, match_count (number of releases with all words, copies
--     included), matched_words and missing_words (NULL if none is missing), read_as (NULL if the words are in the
--     release as asked), copy_of (release_id of the better ranked release with the same text, else NULL; copies rank
--     last).
-- grain: release_id
-- warning: Releases that lack words are among the rows if fewer than ten have all: to count matches, use match_count or
--     `where missing_words is null`.
-- example: select title from releases_about('"asylum system" member', minister := 'Dalziel', since := '2003-01-01')
create or replace macro main.releases_about(question varchar) as table ( -- noqa: disable=PRS
    from main.search_ranking(question, null, false)
),
-- DuckDB takes the macro above for a question alone, because its argument has a type. Planning is half of the time of
-- a search, and looking for names would be a fifth of that.
(question, minister := null, portfolio := null, since := null, until := null, recent := false) as table (
    with given as (
        select
            main.minister_id_of(minister) as given_minister,
            main.portfolio_id_of(portfolio) as given_portfolio,
            since::date as given_since,
            until::date as given_until
    ),

    excluded as (
        select list(fact_release.search_number) as left_out
        from core.fact_release
        cross join given
        left join core.bridge_release_minister as credit
            on
                fact_release.release_id = credit.release_id
                and given.given_minister = credit.minister_id
                and not credit.is_out_of_government
        left join core.bridge_release_portfolio as tag
            on
                fact_release.release_id = tag.release_id
                and given.given_portfolio = tag.portfolio_id
        where
            not coalesce(
                (given.given_since is null or fact_release.nz_date >= given.given_since)
                and (given.given_until is null or fact_release.nz_date <= given.given_until)
                and (given.given_minister is null or credit.release_id is not null)
                and (given.given_portfolio is null or tag.release_id is not null),
                false
            )
    )

    from main.search_ranking(question, (select excluded.left_out from excluded), recent)
);
