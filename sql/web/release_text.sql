-- description: The text of a release as markdown, cleaned.
select cleaned_body
from main.release_texts
where release_id = $release_id
