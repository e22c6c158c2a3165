-- description: A page of the releases that credit a person, newest first.
with own as (
    select distinct bridge.release_id
    from core.bridge_release_minister as bridge
    where bridge.minister_id = $minister_id and not bridge.is_out_of_government
)

select
    fact_release.release_id,
    fact_release.title,
    fact_release.nz_date,
    fact_release.minister_names as ministers
from own
inner join core.fact_release using (release_id)
order by fact_release.nz_date desc nulls last, fact_release.release_id asc
limit $most offset $skipped
