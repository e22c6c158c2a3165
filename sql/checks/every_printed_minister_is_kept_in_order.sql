-- description: Releases whose credits differ from the ministers in their front matter: a name is missing, added, or in
--     another place.
-- severity: fail
with kept as (
    select
        release_id,
        list(credited_as order by position) filter (where credited_as is not null) as credits
    from core.bridge_release_minister
    group by release_id
)

select
    current_release.release_id,
    current_release.ministers,
    kept.credits
from work.current_release
left join kept using (release_id)
where coalesce(current_release.ministers, []) is distinct from coalesce(kept.credits, [])
