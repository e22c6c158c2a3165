-- description: Places of New Zealand and other countries for which the texts of releases are searched, from the seeds.
-- grain: place_id
-- column place_id: Id of the place or country, readable and durable, such as `hawkes-bay` or `solomon-islands`.
-- column place_name: Display name of the place or country, with macrons.
-- column place_kind: Kind of place: region, city, district, town, area or electorate (of New Zealand), country or
--     territory (of another land).
-- column region_id: Id of the region in which the place is, such as `northland`, its own for a region; NULL for an
--     electorate and for other countries.
-- column region_name: Display name of the region in which the place is; NULL for an electorate and for other countries.
-- column country_code: Code of ISO 3166-1 of another country, such as AU; NULL for places of New Zealand.
create table core.dim_place (
    place_id varchar primary key,
    place_name varchar not null,
    place_kind varchar not null,
    region_id varchar,
    region_name varchar,
    country_code varchar,
    check (place_kind in ('region', 'city', 'district', 'town', 'area', 'electorate', 'country', 'territory')),
    check ((region_id is null) = (region_name is null)),
    check ((country_code is null) = (place_kind not in ('country', 'territory')))
);
