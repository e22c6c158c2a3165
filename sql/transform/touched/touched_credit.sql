-- description: Releases whose credits can differ from those of the build before: besides those of
--     work.touched_release, all that credit a person who served in other governments than were known then.
create table work.touched_credit as
-- noqa: disable=AL10,LT11
with terms as (
    select
        minister_id,
        government_id
    from work.term
),

terms_before as (
    select
        minister_id,
        government_id
    from before.term
),

people as (
    select minister_id from (from terms except from terms_before)
    union
    select minister_id from (from terms_before except from terms)
)

select release_id from work.touched_release
union
select credit.release_id
from before.credit
inner join people using (minister_id);
