-- description: Releases whose rows of work.judged_pair can differ from those of the build before: with their pairs, or
--     because one of the two releases is in work.touched_credit.
create table work.touched_judged as
-- noqa: disable=AL10,LT11
with other_pairs as (
    select release_id from (from work.text_pair except from before.text_pair)
    union
    select release_id from (from before.text_pair except from work.text_pair)
)

select release_id from other_pairs
union
select text_pair.release_id
from work.text_pair
where
    text_pair.release_id in (from work.touched_credit)
    or text_pair.near_release_id in (from work.touched_credit);
