-- description: Releases that are compared with those of work.touched_release to find like texts: those dated within
--     three days of one of them, by the day of this build or of the build before.
create table work.touched_near as
with days as (
    select dated.nz_date
    from work.dated
    inner join work.touched_release using (release_id)
    union
    select dated_before.nz_date
    from before.dated as dated_before
    inner join work.touched_release using (release_id)
)

select distinct dated.release_id
from work.dated
inner join days
    on dated.nz_date between days.nz_date - 3 and days.nz_date + 3;
