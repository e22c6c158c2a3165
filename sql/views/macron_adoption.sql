-- description: How releases spell the word Māori, per calendar year of nz_date; undated releases are left out, and
--     years in which no release has the word.
-- grain: year
-- warning: A release that spells it in two ways counts in both columns.
-- example: select year, round(100 * macron_share) as percent from macron_adoption
-- column year: Calendar year.
-- column release_count: Files with the word in their text, in any spelling, twins counted apart; additive.
-- column distinct_release_count: Of those, each text once; not additive (the copies may stand in two years).
-- column macron_release_count: Of release_count, with Māori; additive over years, not with the other spellings.
-- column plain_release_count: With Maori; additive over years.
-- column umlaut_release_count: With Mäori; additive over years.
-- column circumflex_release_count: With Mâori; additive over years.
-- column macron_share: macron_release_count as a part of release_count, 0 to 1; not additive.
create or replace view main.macron_adoption as
select
    dim_date.year,
    count(*) as release_count,
    count(distinct fact_release.twin_group_id) as distinct_release_count,
    count(*) filter (where fact_release.maori_macron_count > 0) as macron_release_count,
    count(*) filter (where fact_release.maori_plain_count > 0) as plain_release_count,
    count(*) filter (where fact_release.maori_umlaut_count > 0) as umlaut_release_count,
    count(*) filter (where fact_release.maori_circumflex_count > 0) as circumflex_release_count,
    count(*) filter (where fact_release.maori_macron_count > 0) / count(*) as macron_share
from core.fact_release
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
where
    dim_date.year is not null
    and fact_release.maori_macron_count + fact_release.maori_plain_count + fact_release.maori_umlaut_count
    + fact_release.maori_circumflex_count > 0
group by dim_date.year
order by dim_date.year;
