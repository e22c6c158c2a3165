-- description: The newest releases, for the start page.
select
    release_id,
    title,
    nz_date,
    minister_names as ministers
from core.fact_release
order by nz_date desc nulls last, release_id desc
limit 8
