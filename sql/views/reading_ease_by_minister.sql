-- description: Length and reading ease of the releases credited to each minister, as medians. Releases under 30 words,
--     and credits of people who were not in office, are left out.
-- grain: minister_id
-- warning: Press offices write the texts, and their style changes over the years: compare ministers of the same time.
-- example: select minister_name, median_reading_ease from reading_ease_by_minister where release_count >= 1
-- column minister_id: Id of the minister, such as `winston-peters`; joins to ministers.
-- column minister_name: Display name of the minister, without honorifics.
-- column release_count: Number of releases of 30 words or more credited to the minister; not additive over ministers.
-- column distinct_release_count: Number of different texts of 30 words or more credited to the minister: copies of a
--     joint statement count once; not additive.
-- column median_words: Median number of words per release; not additive.
-- column median_reading_ease: Median Flesch reading ease, where higher is easier; not additive.
-- column median_words_per_sentence: Median number of words per sentence; not additive.
-- column median_quoted_share: Median share of the words that are in quotations, 0 to 1; not additive.
create or replace view main.reading_ease_by_minister as
with credited as (
    select distinct
        minister_id,
        release_id
    from core.bridge_release_minister
    where not is_out_of_government
)

select
    credited.minister_id,
    dim_minister.minister_name,
    count(*) as release_count,
    count(distinct fact_release.twin_group_id) as distinct_release_count,
    median(fact_release.word_count) as median_words,
    round(median(fact_release.reading_ease), 2) as median_reading_ease,
    round(median(fact_release.reading_word_count / greatest(fact_release.sentence_count, 1)), 2)
        as median_words_per_sentence,
    round(median(fact_release.quoted_word_count / fact_release.word_count), 4) as median_quoted_share
from credited
inner join core.dim_minister using (minister_id)
inner join core.fact_release using (release_id)
where dim_minister.is_person and fact_release.reading_ease is not null
group by credited.minister_id, dim_minister.minister_name
order by release_count desc, credited.minister_id;
