-- description: Groups from work.twin; the bodies of their releases are compared to see if they are identical.
-- scope: release, twin_group_id
insert into core.twin_group by name
select
    twin.twin_group_id,
    count(*) as release_count,
    count(distinct release.body) = 1 as is_identical
from work.twin
inner join work.current_release using (release_id)
inner join staging.release
    on current_release.release_row = release.rowid
where twin.twin_count > 1
group by twin.twin_group_id
order by twin.twin_group_id;
