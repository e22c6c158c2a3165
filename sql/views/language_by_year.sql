-- description: How releases are written, per calendar year of nz_date: length, reading ease, te reo Māori, and how the
--     word Māori is spelt. Undated releases are left out.
-- grain: year
-- warning: Te reo counts as hard to read. Names count as te reo, so a year that mentions more places and iwi has more
--     of it. A few releases wholly in te reo move the counts of words; the shares of releases are steadier.
-- example: select year, median_reading_ease, round(100 * maori_macron_share) as percent from language_by_year
-- column year: Calendar year of nz_date.
-- column release_count: Number of releases, every copy of a text counted; additive.
-- column distinct_release_count: Number of different texts among the releases: copies of a joint statement count once;
--     not additive.
-- column measured_release_count: Number of releases of 30 words or more, which are those that the medians cover;
--     additive.
-- column distinct_measured_release_count: Number of different texts of 30 words or more: copies of a joint statement
--     count once; not additive.
-- column median_words: Median number of words per release, without releases under 30 words; not additive; NULL if no
--     release of the year has 30 words.
-- column median_reading_ease: Median Flesch reading ease, where higher is easier, without releases under 30 words; not
--     additive; NULL if no release of the year has 30 words.
-- column median_words_per_sentence: Median number of words per sentence, without releases under 30 words; not additive;
--     NULL if no release of the year has 30 words.
-- column median_quoted_share: Median share of the words that are in quotations, 0 to 1, without releases under 30
--     words; not additive; NULL if no release of the year has 30 words.
-- column te_reo_release_count: Number of releases with a word of te reo Māori that is not written as a name; additive.
-- column mostly_te_reo_release_count: Number of releases in which more than half of the words are te reo Māori;
--     additive.
-- column te_reo_word_count: Number of words of te reo Māori, recognised by their letters, names included; additive.
-- column te_reo_name_count: Number of words of te reo Māori with a capital letter, mostly names of people, places and
--     organisations; additive.
-- column reading_word_count: Number of words that hold a letter, without those in web addresses; additive.
-- column te_reo_share: Share of the words that are te reo Māori, 0 to 1; not additive; NULL if the year has no words.
-- column macron_word_count: Number of words with a macron; additive.
-- column aotearoa_release_count: Number of releases that use the word Aotearoa; additive.
-- column aotearoa_release_share: Share of the releases that use the word Aotearoa, 0 to 1; not additive.
-- column aotearoa_count: Number of times the word Aotearoa is used; additive.
-- column maori_release_count: Number of releases with the word Māori in any spelling; additive.
-- column distinct_maori_release_count: Number of different texts with the word Māori in any spelling: copies of a joint
--     statement count once; not additive.
-- column maori_macron_release_count: Number of releases that spell the word Māori with a macron; additive over years,
--     but a release with two spellings counts for both.
-- column maori_plain_release_count: Number of releases that spell the word Māori as Maori; additive over years, but a
--     release with two spellings counts for both.
-- column maori_umlaut_release_count: Number of releases that spell the word Māori as Mäori; additive over years, but a
--     release with two spellings counts for both.
-- column maori_circumflex_release_count: Number of releases that spell the word Māori as Mâori; additive over years,
--     but a release with two spellings counts for both.
-- column maori_macron_share: Share of the releases with the word Māori in any spelling that spell it with a macron, 0
--     to 1; not additive; NULL if no release has the word.
create or replace view main.language_by_year as
with measures as (
    select
        dim_date.year,
        fact_release.twin_group_id,
        fact_release.word_count,
        fact_release.reading_word_count,
        fact_release.sentence_count,
        fact_release.reading_ease,
        fact_release.quoted_word_count,
        fact_release.te_reo_word_count,
        fact_release.te_reo_name_count,
        fact_release.macron_word_count,
        fact_release.aotearoa_count,
        fact_release.maori_macron_count,
        fact_release.maori_plain_count,
        fact_release.maori_umlaut_count,
        fact_release.maori_circumflex_count,
        fact_release.reading_ease is not null as is_measured,
        fact_release.maori_macron_count + fact_release.maori_plain_count + fact_release.maori_umlaut_count
        + fact_release.maori_circumflex_count > 0 as has_maori
    from core.fact_release
    inner join core.dim_date
        on fact_release.nz_date_id = dim_date.date_id
    where dim_date.year is not null
)

select
    year,
    count(*) as release_count,
    count(distinct twin_group_id) as distinct_release_count,
    count(*) filter (where is_measured) as measured_release_count,
    count(distinct twin_group_id) filter (where is_measured) as distinct_measured_release_count,
    median(word_count) filter (where is_measured) as median_words,
    round(median(reading_ease), 2) as median_reading_ease,
    round(median(reading_word_count / greatest(sentence_count, 1)) filter (where is_measured), 2)
        as median_words_per_sentence,
    round(median(quoted_word_count / word_count) filter (where is_measured), 4) as median_quoted_share,
    count(*) filter (where te_reo_word_count > te_reo_name_count) as te_reo_release_count,
    count(*) filter (where te_reo_word_count * 2 > reading_word_count) as mostly_te_reo_release_count,
    sum(te_reo_word_count)::bigint as te_reo_word_count,
    sum(te_reo_name_count)::bigint as te_reo_name_count,
    sum(reading_word_count)::bigint as reading_word_count,
    sum(te_reo_word_count)::bigint / nullif(sum(reading_word_count)::bigint, 0) as te_reo_share,
    sum(macron_word_count)::bigint as macron_word_count,
    count(*) filter (where aotearoa_count > 0) as aotearoa_release_count,
    count(*) filter (where aotearoa_count > 0) / count(*) as aotearoa_release_share,
    sum(aotearoa_count)::bigint as aotearoa_count,
    count(*) filter (where has_maori) as maori_release_count,
    count(distinct twin_group_id) filter (where has_maori) as distinct_maori_release_count,
    count(*) filter (where maori_macron_count > 0) as maori_macron_release_count,
    count(*) filter (where maori_plain_count > 0) as maori_plain_release_count,
    count(*) filter (where maori_umlaut_count > 0) as maori_umlaut_release_count,
    count(*) filter (where maori_circumflex_count > 0) as maori_circumflex_release_count,
    count(*) filter (where maori_macron_count > 0) / nullif(count(*) filter (where has_maori), 0) as maori_macron_share
from measures
group by year
order by year;
