-- description: How releases are written, per calendar year of nz_date: length and reading ease, te reo Māori, and how
--     the word Māori is spelt. Undated releases are left out.
-- grain: year
-- warning: Medians leave out releases of under 30 words (measured_release_count says how many remain). A release that
--     spells Māori in two ways counts in both columns. Names count as te reo, so a year that names more places and iwi
--     has more. A few releases wholly in te reo move the counts of words; the shares of releases are steadier.
-- example: select year, median_reading_ease, round(100 * maori_macron_share) as percent from language_by_year
-- column year: Calendar year of nz_date.
-- column release_count: Files, twins counted apart; additive.
-- column distinct_release_count: Texts; not additive.
-- column measured_release_count: Files of 30 words or more; additive.
-- column distinct_measured_release_count: Texts of 30 words or more; not additive.
-- column median_words: Median of word_count.
-- column median_reading_ease: Median of reading_ease.
-- column median_words_per_sentence: Median words per sentence.
-- column median_quoted_share: Median share in quotes.
-- column te_reo_release_count: Files with a word of te reo that is not written as a name; additive.
-- column mostly_te_reo_release_count: Files more than half of whose words are te reo; additive.
-- column te_reo_word_count: Words of te reo.
-- column te_reo_name_count: Words of te reo with a capital letter.
-- column reading_word_count: Words with a letter.
-- column te_reo_share: Part of the words.
-- column macron_word_count: Words with a macron; additive.
-- column aotearoa_release_count: Files with the word Aotearoa; additive.
-- column aotearoa_release_share: Part of the files.
-- column aotearoa_count: Times that Aotearoa stands.
-- column maori_release_count: Files with the word Māori in any spelling.
-- column distinct_maori_release_count: Texts with the word Māori.
-- column maori_macron_release_count: Files with Māori.
-- column maori_plain_release_count: Files with Maori.
-- column maori_umlaut_release_count: Files with Mäori.
-- column maori_circumflex_release_count: Files with Mâori.
-- column maori_macron_share: Part with a macron.
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
