-- description: Releases with a printed date but without a government; either the date is wrong, or
--     seeds/governments.csv lacks a government.
-- severity: warn
select
    release_id,
    published_date
from core.fact_release
where published_date is not null and government_id = 'unknown'
