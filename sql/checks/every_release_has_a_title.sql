-- description: Releases with an empty title; compare the file with the release on the site. Two releases of the full
--     archive are known to have none.
-- severity: warn
select
    release_id,
    source_path
from core.fact_release
where title = ''
