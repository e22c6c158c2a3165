-- description: Names found in the texts of this build's releases, each assigned to one person. A title with a surname
--     is assigned to a person whom the text names in full or the release credits. A name that could be two people is
--     assigned to nobody. Where the text says `the Minister` and names no speaker, this is the only minister whom the
--     release credits.
-- scope: credit
create table work.named as
with hits as (
    select
        current_release.release_id,
        name_hit.*
    from staging.name_hit
    inner join work.current_release using (path, blob)
),

only_credit as (
    select
        release_id,
        min(minister_id) as minister_id
    from work.credit
    where is_counted
    group by release_id
    having count(distinct minister_id) = 1
),

possible as (
    select
        hits.*,
        minister_name.minister_id,
        minister_name.method
    from hits
    inner join work.minister_name using (name)

    union all by name

    select
        hits.*,
        only_credit.minister_id,
        'role' as method
    from hits
    inner join only_credit using (release_id)
    where hits.name = 'the minister'
),

present as (
    select
        release_id,
        minister_id
    from possible
    where method in ('full_name', 'alias')

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
    speech_method,
    passage_place,
    passage_length,
    is_direct,
    title_before,
    title_after
from whose
where person_count = 1;
