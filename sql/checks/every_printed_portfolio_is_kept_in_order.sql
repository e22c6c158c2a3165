-- description: Releases whose tags differ from the portfolios in their front matter: a tag is missing, added, or in
--     another place.
-- severity: fail
with kept as (
    select
        release_id,
        list(tagged_as order by position) filter (where tagged_as is not null) as tags
    from core.bridge_release_portfolio
    group by release_id
)

select
    current_release.release_id,
    current_release.portfolios,
    kept.tags
from work.current_release
left join kept using (release_id)
where coalesce(current_release.portfolios, []) is distinct from coalesce(kept.tags, [])
