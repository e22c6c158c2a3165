-- description: The places and countries that the texts of this build name.
-- scope: release, search_number
insert into core.release_place by name
select
    dated.search_number,
    entity_count.name as place_id,
    entity_count.mention_count
from staging.entity_count
inner join work.current_release using (path, blob)
inner join work.dated using (release_id)
where entity_count.kind = 'place'
order by dated.search_number, entity_count.name;
