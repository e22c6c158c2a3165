-- description: What each release measures: length, reading ease, te reo, quotes, amounts of money.
-- grain: release_id
-- example: select title, reading_ease from release_measures where reading_ease is not null order by reading_ease desc
-- column release_id: Joins to releases.
-- column title: As printed.
-- column nz_date: The best known New Zealand day; NULL where nothing is known.
-- column year: Calendar year of nz_date; NULL where undated.
-- column is_canonical: True for the one release of those with the same text that stands for all.
-- column word_count: Runs of letters, digits and underscores; additive.
-- column reading_word_count: Words with a letter, addresses left out; additive.
-- column sentence_count: Sentences; a heading or an item of a list is one. Additive.
-- column syllable_count: Of the reading words, by groups of vowels; additive.
-- column reading_ease: Flesch, the higher the easier (60 is plain English, 30 hard); te reo counts as hard. NULL under
--     30 reading words. Not additive: take a median.
-- column reading_minutes: At 238 words a minute, one decimal; additive.
-- column te_reo_word_count: Words of te reo Māori by their letters, names included: in a
--     sample read by hand, 97 in 100 of those found are. Additive.
-- column te_reo_name_count: Of those, with a capital letter; additive.
-- column te_reo_share: te_reo_word_count as a part of reading_word_count, 0 to 1; NULL where there are no words.
-- column macron_word_count: Words with a macron; additive.
-- column maori_macron_count: The word Māori, spelt with a macron; additive.
-- column maori_plain_count: Spelt Maori; additive.
-- column maori_umlaut_count: Spelt Mäori; additive.
-- column maori_circumflex_count: Spelt Mâori; additive.
-- column aotearoa_count: The word Aotearoa; additive.
-- column quote_count: Quotes of five words or more between double quote marks; additive.
-- column quoted_word_count: Their words; additive.
-- column quoted_share: quoted_word_count as a part of word_count, 0 to 1; NULL where there are no words.
-- column money_amount_count: Amounts of money; additive.
create or replace view main.release_measures as
select
    fact_release.release_id,
    fact_release.title,
    fact_release.nz_date,
    dim_date.year,
    fact_release.is_canonical,
    fact_release.word_count,
    fact_release.reading_word_count,
    fact_release.sentence_count,
    fact_release.syllable_count,
    fact_release.reading_ease,
    round(fact_release.word_count / 238, 1) as reading_minutes,
    fact_release.te_reo_word_count,
    fact_release.te_reo_name_count,
    fact_release.te_reo_word_count / nullif(fact_release.reading_word_count, 0) as te_reo_share,
    fact_release.macron_word_count,
    fact_release.maori_macron_count,
    fact_release.maori_plain_count,
    fact_release.maori_umlaut_count,
    fact_release.maori_circumflex_count,
    fact_release.aotearoa_count,
    fact_release.quote_count,
    fact_release.quoted_word_count,
    fact_release.quoted_word_count / nullif(fact_release.word_count, 0) as quoted_share,
    fact_release.money_amount_count
from core.fact_release
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
order by fact_release.published_date_id, fact_release.release_id;
