-- description: Those of some releases whose New Zealand day is not certain, with the later day that they can be of.
select
    release_id,
    latest_nz_date
from main.releases
where list_contains($ids::varchar[], release_id) and earliest_nz_date <> latest_nz_date
