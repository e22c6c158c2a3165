-- description: Releases with nearly the same text as another, and those that it links to or that link to it, by the
--     number of that other one.
with ties as (
    select
        'near' as kind,
        release_id,
        near_release_id as other_id,
        similarity as share
    from core.near_twin
    union all
    select
        'near' as kind,
        near_release_id as release_id,
        release_id as other_id,
        similarity as share
    from core.near_twin
    union all
    select distinct
        'cited' as kind,
        release_id,
        target_release_id as other_id,
        null as share
    from core.release_link
    where target_release_id <> release_id
    union all
    select distinct
        'citing' as kind,
        target_release_id as release_id,
        release_id as other_id,
        null as share
    from core.release_link
    where target_release_id <> release_id
)

select
    fact_release.search_number,
    ties.kind,
    ties.share,
    other.release_id,
    other.title,
    other.nz_date,
    other.minister_names as ministers
from ties
inner join core.fact_release using (release_id)
inner join core.fact_release as other
    on ties.other_id = other.release_id
order by fact_release.search_number
