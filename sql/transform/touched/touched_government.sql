-- description: Governments under which the signs of who held a portfolio can differ from those of the build before: of
--     the days of such signs of the releases in work.touched_office, and those with other days.
create table work.touched_government as
-- noqa: disable=AL10,LT11
with days as (
    select office_sign.nz_date
    from work.office_sign
    inner join work.touched_office using (release_id)
    union
    select sign_before.nz_date
    from before.office_sign as sign_before
    inner join work.touched_office using (release_id)
)

select government.government_id
from work.government
inner join days
    on days.nz_date between government.start_date and government.last_date
union -- both builds have the governments of the seed
select government_id from (from work.government except from before.government);
