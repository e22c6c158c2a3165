-- description: Names found in the texts of this build's releases, each assigned to one person. A title with a surname
--     is assigned to a person whom the text names in full or the release credits. A name that could be two people is
--     assigned to nobody.
create table work.named as
with hits as (
    select
        current_release.release_id,
        name_hit.*
    from staging.name_hit
    inner join work.current_release using (path, blob)
),

possible as (
    select
        hits.*,
        minister_name.minister_id,
        minister_name.method
    from hits
    inner join work.minister_name using (name)
),

present as (
    select
        release_id,
        minister_id
    from possible
    where method <> 'title'

    union

    select
        release_id,
        minister_id
    from work.credit
    where is_counted
),

whose as (
    select
        possible.*,
        count(*) over (partition by possible.release_id, possible.place) as person_count
    from possible
    semi join present using (release_id, minister_id)
)

select
    release_id,
    minister_id,
    place,
    method,
    is_in_quotation,
    verb,
    passage_place,
    passage_length,
    is_direct,
    title_before,
    title_after
from whose
where person_count = 1;
