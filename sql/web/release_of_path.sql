-- description: The release that a file of the archive became.
select release_id
from core.fact_release
where source_path = $source_path
