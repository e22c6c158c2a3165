-- description: Releases without a row in core.release_text; even a release without text must have one.
-- severity: fail
select fact_release.release_id
from core.fact_release
anti join core.release_text using (release_id)
