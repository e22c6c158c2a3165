-- description: How many releases of each year name each region of New Zealand, by its own name or by that of a city,
--     district, town or area in it; undated releases are left out.
-- grain: year, region_id
-- rechecked: Two places may name their region differently.
-- column year: Calendar year of nz_date.
-- column region_id: Id of the region, such as `hawkes-bay`.
-- column region_name: Display name of the region, with macrons.
-- column release_count: Number of releases that name the region or a place in it, every copy of a text counted; not
--     additive over regions.
-- column release_share: Share of the year's releases that name the region or a place in it, 0 to 1; not additive.
create or replace view main.regions_by_year as
with years as (
    select
        dim_date.year,
        count(*) as release_count
    from core.fact_release
    inner join core.dim_date
        on fact_release.nz_date_id = dim_date.date_id
    where dim_date.year is not null
    group by dim_date.year
),

named as (
    select
        dim_date.year,
        dim_place.region_id,
        dim_place.region_name,
        count(distinct release_place.search_number) as release_count
    from core.release_place
    inner join core.dim_place using (place_id)
    inner join core.fact_release using (search_number)
    inner join core.dim_date
        on fact_release.nz_date_id = dim_date.date_id
    where dim_place.region_id is not null and dim_date.year is not null
    group by dim_date.year, dim_place.region_id, dim_place.region_name
)

select
    named.year,
    named.region_id,
    named.region_name,
    named.release_count,
    named.release_count / years.release_count as release_share
from named
inner join years using (year)
order by named.year, named.release_count desc, named.region_id;
