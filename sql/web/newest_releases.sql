-- description: The newest releases, for the start page.
select
    release_id,
    title,
    nz_date,
    minister_names as ministers
from core.fact_release
where search_number > (select max(newest.search_number) - 8 from core.fact_release as newest)
