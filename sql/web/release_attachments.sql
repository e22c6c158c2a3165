-- description: Files attached to releases, by the number of the release.
select
    fact_release.search_number,
    attachment.position,
    attachment.file_name,
    attachment.file_type,
    attachment.url
from core.attachment
inner join core.fact_release using (release_id)
order by fact_release.search_number, attachment.position
