-- description: Releases by their ids, for a list.
select
    release_id,
    title,
    nz_date,
    minister_names as ministers
from core.fact_release
where list_contains($ids, release_id)
