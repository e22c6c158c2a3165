-- description: Each release has its row of text, empty or not.
-- severity: fail
select fact_release.release_id
from core.fact_release
anti join core.release_text using (release_id)
