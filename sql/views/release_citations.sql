-- description: Which release links to which: a row per pair.
-- grain: release_id, cited_release_id
-- column release_id: The release that links; joins to releases.
-- column title: Of that release, as printed.
-- column nz_date: Of that release; NULL where nothing is known.
-- column twin_group_id: The same for releases of the same text.
-- column cited_release_id: The release it links to.
-- column cited_title: Of the cited release, as printed.
-- column cited_nz_date: Of the cited release; later than nz_date where a text was edited after.
-- column citation_count: Links from the one to the other; additive.
create or replace view main.release_citations as
select
    release_link.release_id,
    fact_release.title,
    fact_release.nz_date,
    fact_release.twin_group_id,
    release_link.target_release_id as cited_release_id,
    cited.title as cited_title,
    cited.nz_date as cited_nz_date,
    count(*) as citation_count
from core.release_link
inner join core.fact_release
    on release_link.release_id = fact_release.release_id
inner join core.fact_release as cited
    on release_link.target_release_id = cited.release_id
group by all
order by fact_release.nz_date, release_link.release_id, release_link.target_release_id;
