-- description: Attachments per calendar year of nz_date; undated releases are left out.
-- grain: year
-- column year: Calendar year.
-- column release_count: Files of the archive, twins counted apart; additive.
-- column distinct_release_count: Of those, each text once; not additive (the copies may stand in two years).
-- column attached_release_count: Of release_count, with an attachment; additive.
-- column attached_share: attached_release_count as a part of release_count, 0 to 1; not additive.
-- column attachment_count: Files attached; additive.
create or replace view main.attachments_by_year as
select
    dim_date.year,
    count(*) as release_count,
    count(distinct fact_release.twin_group_id) as distinct_release_count,
    count(*) filter (where fact_release.attachment_count > 0) as attached_release_count,
    count(*) filter (where fact_release.attachment_count > 0) / count(*) as attached_share,
    sum(fact_release.attachment_count)::bigint as attachment_count
from core.fact_release
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
where dim_date.year is not null
group by dim_date.year
order by dim_date.year;
