-- description: Measures of each release: length, reading ease, te reo Māori, quotations and amounts of money.
-- grain: release_id
-- files: by year of release_id
-- example: select title, reading_ease from release_measures where reading_ease is not null order by reading_ease desc
-- metric median_ease: percentile_cont(0.5) within group (order by reading_ease): Median Flesch reading ease, where
--     higher is easier; not additive.
-- column release_id: Id of the release; joins to releases.
-- column title: Title of the release, as printed.
-- column url: Address of the release on the site, as printed in its front matter.
-- column nz_date: Best known New Zealand date of the release; NULL if no date is known.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column month_of_term: Month of the parliamentary term on nz_date, where month 1 begins on the day of the general
--     election; NULL if no date is known.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column is_canonical: True for the representative release of each group with the same text.
-- column word_count: Number of words in the cleaned text (runs of letters, digits and underscores); additive.
-- column reading_word_count: Number of words that hold a letter, without those in web addresses; the basis of
--     reading_ease; additive.
-- column sentence_count: Number of sentences in the cleaned text, where a heading or a list item counts as one;
--     additive.
-- column syllable_count: Number of syllables in the words counted by reading_word_count, estimated from groups of
--     vowels; additive.
-- column reading_ease: Flesch reading ease: higher is easier (60 is plain English, 30 is hard); te reo counts as hard.
--     NULL under 30 words. Not additive: use a median.
-- column reading_minutes: Minutes to read the text at 238 words a minute, rounded to one decimal; additive.
-- column te_reo_word_count: Number of words of te reo Māori, recognised by their letters, names included; 97 in 100 are
--     right in a sample read by hand; additive.
-- column te_reo_name_count: Number of words of te reo Māori with a capital letter, mostly names of people, places and
--     organisations; additive.
-- column te_reo_share: Share of the words that are te reo Māori, 0 to 1; NULL if the text has no words.
-- column macron_word_count: Number of words with a macron; additive.
-- column maori_macron_count: Number of times the word Māori is spelt with a macron; additive.
-- column maori_plain_count: Number of times the word Māori is spelt Maori; additive.
-- column maori_umlaut_count: Number of times the word Māori is spelt Mäori, a stand-in for fonts without macrons;
--     additive.
-- column maori_circumflex_count: Number of times the word Māori is spelt Mâori; additive.
-- column aotearoa_count: Number of times the word Aotearoa is used; additive.
-- column quote_count: Number of quotations of five words or more between double quote marks; one over several
--     paragraphs counts once; additive.
-- column quoted_word_count: Number of words in quotations of five words or more, estimated where a quotation is not
--     closed; additive.
-- column quoted_share: Share of the words that are in quotations of five words or more, 0 to 1; NULL if the text has no
--     words.
-- column money_amount_count: Number of amounts of money printed in the text; additive.
create or replace view main.release_measures as
select
    fact_release.release_id,
    fact_release.title,
    fact_release.url,
    fact_release.nz_date,
    dim_date.year,
    dim_date.month_of_term,
    dim_government.government_name,
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
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
order by fact_release.published_date_id, fact_release.release_id;
