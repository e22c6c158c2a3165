-- description: Length and reading ease of releases per calendar year of nz_date, by their medians; undated
--     releases and those of under 30 words are left out.
-- grain: year
-- warning: Te reo counts as hard to read: syllables are guessed by groups of vowels.
-- column year: Calendar year.
-- column release_count: Files that are measured, twins counted apart; additive.
-- column distinct_release_count: Of those, each text once; not additive (the copies may stand in two years).
-- column median_words: Median of word_count; not additive.
-- column median_reading_ease: Median of Flesch, the higher the easier; not additive.
-- column median_words_per_sentence: Median over releases; not additive.
-- column median_quoted_share: Median of the share of words in quotes, 0 to 1; not additive.
create or replace view main.reading_ease_by_year as
select
    dim_date.year,
    count(*) as release_count,
    count(distinct fact_release.twin_group_id) as distinct_release_count,
    median(fact_release.word_count) as median_words,
    round(median(fact_release.reading_ease), 2) as median_reading_ease,
    round(median(fact_release.reading_word_count / greatest(fact_release.sentence_count, 1)), 2)
        as median_words_per_sentence,
    round(median(fact_release.quoted_word_count / fact_release.word_count), 4) as median_quoted_share
from core.fact_release
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
where dim_date.year is not null and fact_release.reading_ease is not null
group by dim_date.year
order by dim_date.year;
