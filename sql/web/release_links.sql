-- description: Where the links in the texts of releases lead within the archive, by the number of the release and the
--     address as printed.
select distinct
    fact_release.search_number,
    release_link.url,
    release_link.target_release_id
from core.release_link
inner join core.fact_release using (release_id)
where release_link.target_release_id is not null
order by fact_release.search_number, release_link.url
