-- description: Which of some ids are ids of releases, with the day and title of each.
select
    release_id,
    title,
    nz_date
from core.fact_release
where release_id in (select unnest($release_ids))
