-- description: Every file attached to a release.
-- grain: release_id, position
-- metric attached_file_count: count(url): Files attached to releases; additive.
-- metric distinct_file_count: count(distinct url): Of those, each address once; not additive.
-- column release_id: Joins to releases.
-- column position: Place in the front matter, from 1.
-- column title: Of the release, as printed.
-- column published_date: Of the release, as printed; NULL where undated.
-- column nz_date: The best known New Zealand day; NULL where nothing is known.
-- column year: Calendar year of nz_date; NULL where undated.
-- column ministers: People credited with the release, separated by '; '; NULL where nobody is.
-- column file_name: Last part of the URL, percent-decoded.
-- column file_type: Lower-case extension such as `pdf`; `none` where there is none.
-- column url: As printed; one file may be attached to several releases.
-- column twin_group_id: The same for releases of the same text.
create or replace view main.attachments as
select
    attachment.release_id,
    attachment.position,
    fact_release.title,
    fact_release.published_date,
    fact_release.nz_date,
    dim_date.year,
    fact_release.minister_names as ministers,
    attachment.file_name,
    attachment.file_type,
    attachment.url,
    fact_release.twin_group_id
from core.attachment
inner join core.fact_release using (release_id)
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
order by fact_release.published_date_id, attachment.release_id, attachment.position;
