-- description: No release has an empty title; two of the archive do.
-- severity: warn
select
    release_id,
    source_path
from core.fact_release
where title = ''
