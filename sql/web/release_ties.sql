-- description: Releases with nearly the same text as a release, and those that it links to or that link to it.
select
    'near' as kind,
    case when release_id = $release_id then near_release_id else release_id end as release_id,
    similarity as share
from core.near_twin
where release_id = $release_id or near_release_id = $release_id
union all
select distinct
    'cited' as kind,
    target_release_id as release_id,
    null as share
from core.release_link
where release_id = $release_id and target_release_id <> $release_id
union all
select distinct
    'citing' as kind,
    release_id,
    null as share
from core.release_link
where target_release_id = $release_id and release_id <> $release_id
