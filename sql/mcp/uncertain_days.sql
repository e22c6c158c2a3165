-- description: Those of some releases whose New Zealand day is not certain, with the other day that they can be of.
select
    release_id,
    if(latest_nz_date > nz_date, latest_nz_date, earliest_nz_date) as other_nz_date
from main.releases
where list_contains($ids::varchar[], release_id) and earliest_nz_date <> latest_nz_date
