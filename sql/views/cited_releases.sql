-- description: Releases that other releases link to, the most cited first.
-- grain: release_id
-- column release_id: The release that is cited; joins to releases.
-- column title: As printed.
-- column nz_date: The best known New Zealand day; NULL where nothing is known.
-- column citing_release_count: Files that link to it, each once, itself left out; not additive (a file cites several).
-- column distinct_citing_release_count: Of those, each text once; not additive.
-- column citation_count: Links to it; additive.
-- column first_citing_date: Earliest nz_date of a release that links to it; NULL where all are undated.
-- column last_citing_date: Latest.
create or replace view main.cited_releases as
select
    cited.release_id,
    cited.title,
    cited.nz_date,
    count(distinct citing.release_id) as citing_release_count,
    count(distinct citing.twin_group_id) as distinct_citing_release_count,
    count(*) as citation_count,
    min(citing.nz_date) as first_citing_date,
    max(citing.nz_date) as last_citing_date
from core.release_link
inner join core.fact_release as citing
    on release_link.release_id = citing.release_id
inner join core.fact_release as cited
    on release_link.target_release_id = cited.release_id
where citing.release_id <> cited.release_id
group by cited.release_id, cited.title, cited.nz_date
order by citing_release_count desc, cited.release_id;
