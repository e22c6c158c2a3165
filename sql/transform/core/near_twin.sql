-- description: The pairs of work.text_pair whose texts are nearly the same.
-- scope: whole
insert into core.near_twin by name
select
    release_id,
    near_release_id,
    similarity
from work.text_pair
where similarity >= 0.9
order by release_id, near_release_id;
