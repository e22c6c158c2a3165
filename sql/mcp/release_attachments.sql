-- description: The files attached to one release.
select
    file_name,
    attachment_url
from main.attachments
where release_id = $release_id
order by attachment_position
