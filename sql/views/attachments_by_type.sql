-- description: Attached files by type, the most frequent first.
-- grain: file_type
-- column file_type: Lower-case extension such as `pdf`; `none` where there is none.
-- column attachment_count: Files attached, one that two releases share twice; additive.
-- column distinct_url_count: Different addresses; additive.
-- column release_count: Releases with such a file; not additive (a release has files of several types).
-- column distinct_release_count: Of those, each text once; not additive.
-- column first_date: Earliest nz_date of such a release; NULL where all are undated.
-- column last_date: Latest.
create or replace view main.attachments_by_type as
select
    attachment.file_type,
    count(*) as attachment_count,
    count(distinct attachment.url) as distinct_url_count,
    count(distinct attachment.release_id) as release_count,
    count(distinct fact_release.twin_group_id) as distinct_release_count,
    min(fact_release.nz_date) as first_date,
    max(fact_release.nz_date) as last_date
from core.attachment
inner join core.fact_release using (release_id)
group by attachment.file_type
order by attachment_count desc, attachment.file_type;
