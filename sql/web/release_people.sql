-- description: People whom the text of a release names.
select
    minister_id,
    method,
    mention_count,
    first_place,
    is_credited,
    is_in_office
from core.mention
where release_id = $release_id
