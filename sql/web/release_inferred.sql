-- description: People in office whom the text of a release names, if it credits nobody who was in office.
select
    inferred_minister.position,
    dim_minister.minister_name
from core.inferred_minister
inner join core.dim_minister using (minister_id)
where inferred_minister.release_id = $release_id
