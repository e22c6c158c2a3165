-- description: For releases that credit nobody who was in office: the people in office whom the text names in full or
--     by another known name.
-- scope: office
insert into core.inferred_minister by name
select
    release_id,
    minister_id,
    method,
    mention_count,
    row_number() over (partition by release_id order by first_place asc, minister_id asc) as position
from core.mention
where
    is_in_office
    and method <> 'title'
    and release_id not in (
        select credit.release_id from work.credit
        where credit.is_counted
    )
order by release_id, position;
