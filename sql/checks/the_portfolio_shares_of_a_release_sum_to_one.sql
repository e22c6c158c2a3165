-- description: Releases whose shares in core.bridge_release_portfolio do not sum to 1, so that shares by portfolio
--     lose them or count them twice.
-- severity: fail
select
    fact_release.release_id,
    sum(bridge.share) as share_sum
from core.fact_release
left join core.bridge_release_portfolio as bridge using (release_id)
group by fact_release.release_id
having coalesce(abs(sum(bridge.share) - 1) > 1e-9, true)
