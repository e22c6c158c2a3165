-- description: Governments whose shares in share_of_voice do not sum to their number of releases, so that releases are
--     lost or counted twice.
-- severity: fail
with voices as (
    select
        government_id,
        sum(release_share) as share_sum
    from main.share_of_voice
    group by government_id
),

releases as (
    select
        government_id,
        count(*) as release_count
    from core.fact_release
    group by government_id
)

select
    releases.government_id,
    releases.release_count,
    voices.share_sum
from releases
left join voices using (government_id)
where coalesce(abs(voices.share_sum - releases.release_count) > 0.001, true)
