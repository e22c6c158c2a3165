-- description: Where the links in the text of a release lead within the archive, by the address as printed.
select distinct
    url,
    target_release_id
from core.release_link
where release_id = $release_id and target_release_id is not null
