-- description: Files attached to a release.
select
    position,
    file_name,
    file_type,
    url
from core.attachment
where release_id = $release_id
