-- description: Releases dated more than a day after the commit they were loaded from; compare the printed date with
--     the release on the site.
-- severity: warn
select
    fact_release.release_id,
    fact_release.published_date,
    build.source_committed_at
from core.fact_release
cross join meta.build
where fact_release.published_date > build.source_committed_at::date + 1
