-- description: Releases with inferred ministers although they credit somebody who was in office.
-- severity: fail
select
    inferred_minister.release_id,
    inferred_minister.minister_id
from core.inferred_minister
inner join core.bridge_release_minister using (release_id)
inner join core.dim_minister
    on bridge_release_minister.minister_id = dim_minister.minister_id
where dim_minister.is_person and not bridge_release_minister.is_out_of_government
