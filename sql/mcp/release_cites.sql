-- description: The releases that one release links to.
select
    cited_release_id as release_id,
    cited_nz_date as nz_date,
    cited_title as title,
    cited_url as url
from main.release_citations
where release_id = $release_id and cited_release_id <> $release_id
order by cited_nz_date, cited_release_id
