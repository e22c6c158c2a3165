-- description: Files attached to releases, as listed in the front matter.
-- grain: release_id, attachment_position
-- warning: Several releases can attach the same file: count distinct attachment_url to count each file once.
-- example: select file_type, count(*) as attachment_count from attachments group by all order by all
-- metric attached_file_count: count(attachment_url): Number of attached files, where a file attached to two releases
--     counts twice; additive.
-- metric distinct_file_count: count(distinct attachment_url): Number of different addresses of attached files; not
--     additive.
-- column release_id: Id of the release; joins to releases.
-- column title: Title of the release, as printed.
-- column url: Address of the release on the site, as printed in its front matter.
-- column nz_date: Best known New Zealand date of the release; NULL if no date is known.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column month_of_term: Month of the parliamentary term on nz_date, where month 1 begins on the day of the general
--     election; NULL if no date is known.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column attachment_position: Place of the attachment in the front matter, counted from 1.
-- column ministers: People credited with the release, in printed order, separated by '; '; NULL if nobody is credited.
-- column file_name: Last part of the file's URL, percent-decoded.
-- column file_type: Extension of the file in lower case, such as `pdf`; `none` if it has no extension.
-- column attachment_url: Address of the attached file, as printed; several releases can attach the same file.
-- column twin_group_id: Id of the representative release among all with the same text; a release without twins has its
--     own id. Count it distinct to count joint statements once.
create or replace view main.attachments as
select
    attachment.release_id,
    fact_release.title,
    fact_release.url,
    fact_release.nz_date,
    dim_date.year,
    dim_date.month_of_term,
    dim_government.government_name,
    attachment.position as attachment_position,
    fact_release.minister_names as ministers,
    attachment.file_name,
    attachment.file_type,
    attachment.url as attachment_url,
    fact_release.twin_group_id
from core.attachment
inner join core.fact_release using (release_id)
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
order by fact_release.published_date_id, attachment.release_id, attachment.position;
