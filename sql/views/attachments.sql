-- description: Every file attached to a release.
-- grain: release_id, position
-- metric attached_file_count: count(url): Files attached to releases; additive.
-- metric distinct_file_count: count(distinct url): Of those, each address once; not additive.
-- column release_id: Joins to releases.
-- column position: Place in the front matter, from 1.
-- column title: Of the release, as printed.
-- column published_date: Of the release, as printed; NULL where undated.
-- column file_name: Last part of the URL, percent-decoded.
-- column file_type: Lower-case extension such as `pdf`; `none` where there is none.
-- column url: As printed; one file may be attached to several releases.
create or replace view main.attachments as
select
    attachment.release_id,
    attachment.position,
    fact_release.title,
    fact_release.published_date,
    attachment.file_name,
    attachment.file_type,
    attachment.url
from core.attachment
inner join core.fact_release using (release_id)
order by fact_release.published_date_id, attachment.release_id, attachment.position;
