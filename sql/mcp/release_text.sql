-- description: The text of one release, without markup.
select plain_text
from main.release_texts
where release_id = $release_id
