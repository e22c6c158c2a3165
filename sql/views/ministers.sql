-- description: Everybody whom releases credit, with dates and counts. Credits of people who were not in office are left
--     out.
-- grain: minister_id
-- warning: A joint release counts for each of its ministers: do not add release_count over ministers.
-- metric minister_count: count(minister_id): Number of people ever credited; additive.
-- column minister_id: Id of the person, readable and durable, such as `winston-peters`.
-- column minister_name: Display name of the minister, without honorifics.
-- column sort_name: Name with the surname first, for sorting.
-- column honorific: Honorific as last held, such as `Rt Hon`; NULL if none is known.
-- column kind: Highest office that the person held: minister, under-secretary or spokesperson; provisional (awaits
--     review).
-- column latest_party_name: Party of the minister at the latest release credited to them, such as `NZ First`; NULL if
--     it is not known. party_memberships has the earlier ones.
-- column gender: Gender of the minister, female or male; `(unknown)` if it is not known.
-- column birth_year: Year in which the minister was born; NULL if it is not known.
-- column wikidata_id: Id of the minister in Wikidata, such as `Q180383`; NULL if it is not known.
-- column release_count: Number of releases credited to the minister; not additive over ministers.
-- column distinct_release_count: Number of different texts credited to the minister: copies of a joint statement count
--     once; not additive.
-- column joint_release_count: Number of releases credited to the minister together with others; not additive over
--     ministers.
-- column release_share: Number of releases when each joint release is divided equally between its ministers; additive.
-- column portfolio_count: Number of different portfolios on the releases credited to the minister alone; not additive.
-- column first_release_date: Earliest nz_date of the releases credited to the minister; NULL if all are undated.
-- column last_release_date: Latest nz_date of the releases credited to the minister; NULL if all are undated.
-- column span_days: Days from the earliest to the latest release credited to the minister, which are not the days in
--     office; NULL if all are undated.
-- column median_words: Median number of words per release, without releases under 30 words; not additive; NULL if no
--     release has 30 words.
-- column median_reading_ease: Median Flesch reading ease, where higher is easier, without releases under 30 words; not
--     additive; NULL if no release has 30 words. Press offices write the texts, and their style changes over the years:
--     compare ministers of the same time.
-- column median_words_per_sentence: Median number of words per sentence, without releases under 30 words; not additive;
--     NULL if no release has 30 words.
-- column median_quoted_share: Median share of the words that are in quotations, 0 to 1, without releases under 30
--     words; not additive; NULL if no release has 30 words.
-- column year_count: Number of calendar years with a release credited to the minister; not additive.
create or replace view main.ministers as
with credited as (
    select
        bridge.minister_id,
        bridge.release_id,
        any_value(bridge.party_id) as party_id,
        sum(bridge.share) as release_share
    from core.bridge_release_minister as bridge
    where not bridge.is_out_of_government
    group by bridge.minister_id, bridge.release_id
),

counted as (
    select
        credited.minister_id,
        max_by(credited.party_id, fact_release.nz_date) filter (where credited.party_id <> 'unknown') as party_id,
        count(*) as release_count,
        count(distinct fact_release.twin_group_id) as distinct_release_count,
        count(*) filter (where fact_release.minister_count > 1) as joint_release_count,
        round(sum(credited.release_share), 6) as release_share,
        count(distinct year(fact_release.nz_date)) as year_count,
        median(fact_release.word_count) filter (where fact_release.reading_ease is not null) as median_words,
        round(median(fact_release.reading_ease), 2) as median_reading_ease,
        round(
            median(fact_release.reading_word_count / greatest(fact_release.sentence_count, 1))
            filter (where fact_release.reading_ease is not null),
            2
        ) as median_words_per_sentence,
        round(
            median(fact_release.quoted_word_count / fact_release.word_count)
            filter (where fact_release.reading_ease is not null),
            4
        ) as median_quoted_share
    from credited
    inner join core.fact_release using (release_id)
    group by credited.minister_id
),

portfolios as (
    select
        bridge_release_minister.minister_id,
        count(distinct bridge_release_portfolio.portfolio_id) as portfolio_count
    from core.fact_release
    inner join core.bridge_release_minister using (release_id)
    inner join core.bridge_release_portfolio using (release_id)
    inner join core.dim_portfolio using (portfolio_id)
    where
        fact_release.minister_count = 1
        and dim_portfolio.is_portfolio
        and not bridge_release_minister.is_out_of_government
    group by bridge_release_minister.minister_id
)

select
    dim_minister.minister_id,
    dim_minister.minister_name,
    dim_minister.sort_name,
    dim_minister.honorific,
    dim_minister.kind,
    dim_party.party_name as latest_party_name,
    coalesce(dim_minister.gender, '(unknown)') as gender,
    dim_minister.birth_year,
    dim_minister.wikidata_id,
    counted.release_count,
    counted.distinct_release_count,
    counted.joint_release_count,
    counted.release_share,
    coalesce(portfolios.portfolio_count, 0) as portfolio_count,
    dim_minister.first_release_date,
    dim_minister.last_release_date,
    dim_minister.last_release_date - dim_minister.first_release_date as span_days,
    counted.median_words,
    counted.median_reading_ease,
    counted.median_words_per_sentence,
    counted.median_quoted_share,
    counted.year_count
from core.dim_minister
inner join counted using (minister_id)
left join core.dim_party using (party_id)
left join portfolios using (minister_id)
where dim_minister.is_person
order by dim_minister.sort_name;
