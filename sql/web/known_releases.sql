-- description: Which of some ids are ids of releases.
select release_id
from core.fact_release
where release_id in (select unnest($release_ids))
