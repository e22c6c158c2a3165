-- description: Releases whose pairs in work.text_pair can differ from those of the build before: those of
--     work.touched_release. They are all releases if so many on the days around have like titles or texts that a new
--     one can take another out of the next 20, with which each is compared.
create table work.touched_pair as
with near as (
    select
        touched_near.release_id,
        alike.band_key::varchar as group_key
    from work.touched_near
    inner join work.alike using (release_id)
    union all
    select
        touched_near.release_id,
        current_release.title_key as group_key
    from work.touched_near
    inner join work.current_release using (release_id)
),

crowded as (
    select group_key
    from near
    where group_key <> ''
    group by group_key
    having count(*) + (select count(*) from work.touched_release) > 20
)

select release_id from work.touched_release
union
select twin.release_id
from work.twin
where exists (from crowded);
