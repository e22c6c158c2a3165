-- description: The places and countries of the seeds.
-- scope: whole
insert into core.dim_place by name
select
    places.place_id,
    places.place_name,
    places.kind as place_kind,
    places.region_id,
    region.place_name as region_name,
    null as country_code
from seeds.places
left join seeds.places as region
    on places.region_id = region.place_id
union all by name
select
    country_id as place_id,
    country_name as place_name,
    kind as place_kind,
    country_code
from seeds.countries
order by place_id;
