-- description: Only an undated release has the unknown government.
-- severity: warn
select
    release_id,
    published_date
from core.fact_release
where published_date is not null and government_id = 'unknown'
