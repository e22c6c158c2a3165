-- description: Te reo Māori in releases per calendar year of nz_date; undated releases are left out.
-- grain: year
-- warning: Names count as te reo (te_reo_name_count of te_reo_word_count): a year that talks
--     of more places and iwi has more.
--     A few releases wholly in te reo move the counts of words; the shares of releases are steadier.
-- example: select year, round(100 * aotearoa_release_share, 1) as percent from te_reo_by_year
-- column year: Calendar year.
-- column release_count: Files, twins counted apart; additive.
-- column distinct_release_count: Of those, each text once; not additive (the copies may stand in two years).
-- column te_reo_release_count: Files with a word of te reo that is not written as a name; additive.
-- column mostly_te_reo_release_count: Files more than half of whose words are te reo; additive.
-- column aotearoa_release_count: Files with the word Aotearoa; additive.
-- column aotearoa_release_share: aotearoa_release_count as a part of release_count, 0 to 1; not additive.
-- column aotearoa_count: Times that Aotearoa stands; additive.
-- column te_reo_word_count: Words of te reo by their letters, names included; additive.
-- column te_reo_name_count: Of those, with a capital letter; additive.
-- column macron_word_count: Words with a macron; additive.
-- column reading_word_count: All words with a letter; additive.
-- column te_reo_share: te_reo_word_count as a part of reading_word_count, 0 to 1; not additive.
create or replace view main.te_reo_by_year as
select
    dim_date.year,
    count(*) as release_count,
    count(distinct fact_release.twin_group_id) as distinct_release_count,
    count(*) filter (where fact_release.te_reo_word_count > fact_release.te_reo_name_count) as te_reo_release_count,
    count(*) filter (where fact_release.te_reo_word_count * 2 > fact_release.reading_word_count)
        as mostly_te_reo_release_count,
    count(*) filter (where fact_release.aotearoa_count > 0) as aotearoa_release_count,
    count(*) filter (where fact_release.aotearoa_count > 0) / count(*) as aotearoa_release_share,
    sum(fact_release.aotearoa_count)::bigint as aotearoa_count,
    sum(fact_release.te_reo_word_count)::bigint as te_reo_word_count,
    sum(fact_release.te_reo_name_count)::bigint as te_reo_name_count,
    sum(fact_release.macron_word_count)::bigint as macron_word_count,
    sum(fact_release.reading_word_count)::bigint as reading_word_count,
    sum(fact_release.te_reo_word_count)::bigint / nullif(sum(fact_release.reading_word_count)::bigint, 0)
        as te_reo_share
from core.fact_release
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
where dim_date.year is not null
group by dim_date.year
order by dim_date.year;
