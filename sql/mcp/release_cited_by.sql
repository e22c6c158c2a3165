-- description: The releases that link to one release.
select
    release_id,
    nz_date,
    title,
    url
from main.release_citations
where cited_release_id = $release_id and release_id <> $release_id
order by nz_date, release_id
