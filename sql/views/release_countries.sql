-- description: Other countries and territories that texts name. New Zealand is left out, because nearly every release
--     is about it.
-- grain: release_id, country_id
-- files: by year of release_id
-- warning: Adjectives and peoples, such as `Chinese`, do not count, and names that are printed in the title alone are
--     missing.
-- example: select nz_date, title, url from release_countries where country_name = 'Nauru' order by nz_date desc limit 5
-- metric country_release_count: count(distinct release_id): Number of releases that name another country; not additive
--     over countries.
-- column release_id: Id of the release; joins to releases.
-- column title: Title of the release, as printed.
-- column url: Address of the release on the site, as printed in its front matter.
-- column nz_date: Best known New Zealand date of the release; NULL if no date is known.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column month_of_term: Month of the parliamentary term on nz_date, where month 1 begins on the day of the general
--     election; NULL if no date is known.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column twin_group_id: Id of the representative release among all with the same text; a release without twins has its
--     own id. Count it distinct to count joint statements once.
-- column country_id: Id of the country or territory, readable and durable, such as `solomon-islands`.
-- column country_name: Display name of the country or territory; England, Scotland, Wales and Northern Ireland count as
--     the United Kingdom.
-- column country_code: Code of ISO 3166-1 of the country or territory, such as AU.
-- column country_kind: country, or territory of another country.
-- column country_mention_count: Number of times that the text names the country; additive.
create or replace view main.release_countries as
select
    fact_release.release_id,
    fact_release.title,
    fact_release.url,
    fact_release.nz_date,
    dim_date.year,
    dim_date.month_of_term,
    dim_government.government_name,
    fact_release.twin_group_id,
    release_place.place_id as country_id,
    dim_place.place_name as country_name,
    dim_place.country_code,
    dim_place.place_kind as country_kind,
    release_place.mention_count as country_mention_count
from core.release_place
inner join core.dim_place using (place_id)
inner join core.fact_release using (search_number)
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
where dim_place.country_code is not null;
