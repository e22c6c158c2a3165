-- description: Releases with more or fewer rows in core.attachment than attachments in their front matter.
-- severity: fail
with kept as (
    select
        release_id,
        count(*) as attachment_count
    from core.attachment
    group by release_id
)

select
    fact_release.release_id,
    fact_release.attachment_count,
    kept.attachment_count as kept_count
from core.fact_release
left join kept using (release_id)
where fact_release.attachment_count <> coalesce(kept.attachment_count, 0)
