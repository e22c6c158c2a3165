-- description: Other sites that releases link to, the most linked first.
-- grain: domain
-- example: select domain, release_count from outside_domains order by release_count desc limit 5
-- column domain: Host without `www.`.
-- column release_count: Files that link to it, each once; not additive (a file links to several sites).
-- column distinct_release_count: Of those, each text once; not additive.
-- column link_count: Links; additive.
-- column first_date: Earliest nz_date of such a release; NULL where all are undated.
-- column last_date: Latest.
create or replace view main.outside_domains as
select
    release_link.domain,
    count(distinct release_link.release_id) as release_count,
    count(distinct fact_release.twin_group_id) as distinct_release_count,
    count(*) as link_count,
    min(fact_release.nz_date) as first_date,
    max(fact_release.nz_date) as last_date
from core.release_link
inner join core.fact_release using (release_id)
where release_link.is_outside
group by release_link.domain
order by release_count desc, release_link.domain;
