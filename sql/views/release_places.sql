-- description: Places of New Zealand that texts name: regions, cities, districts, larger towns and areas; and
--     electorates, where the text says that it means one. The name of something in the place, such as `Auckland
--     Airport` or `University of Otago`, names the place, too.
-- grain: release_id, place_id
-- files: by year of release_id
-- warning: A release that names several places of a region has a row for each: count distinct release_id. Towns and
--     suburbs that seeds/places.csv does not list are missing, and so are names that are printed in the title alone.
-- example: select nz_date, title, url from release_places where region_id = 'hawkes-bay' order by nz_date desc limit 5
-- metric place_release_count: count(distinct release_id): Number of releases that name a place; not additive over
--     places.
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
-- column place_id: Id of the place, readable and durable, such as `hawkes-bay`.
-- column place_name: Display name of the place, with macrons.
-- column place_kind: Kind of place: region, city, district, town, area (no council, such as `Wairarapa`) or electorate.
-- column region_id: Id of the region in which the place is, its own for a region; NULL for an electorate.
-- column region_name: Display name of the region in which the place is; NULL for an electorate.
-- column place_mention_count: Number of times that the text names the place; additive.
create or replace view main.release_places as
select
    fact_release.release_id,
    fact_release.title,
    fact_release.url,
    fact_release.nz_date,
    dim_date.year,
    dim_date.month_of_term,
    dim_government.government_name,
    fact_release.twin_group_id,
    release_place.place_id,
    dim_place.place_name,
    dim_place.place_kind,
    dim_place.region_id,
    dim_place.region_name,
    release_place.mention_count as place_mention_count
from core.release_place
inner join core.dim_place using (place_id)
inner join core.fact_release using (search_number)
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
where dim_place.country_code is null;
