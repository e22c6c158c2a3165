-- description: No release is dated later than the day after the commit it was loaded from.
-- severity: warn
select
    fact_release.release_id,
    fact_release.published_date,
    build.source_committed_at
from core.fact_release
cross join meta.build
where fact_release.published_date > build.source_committed_at::date + 1
