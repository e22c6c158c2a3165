-- description: The group of releases with the same text that each release belongs to: the same letters and digits in
--     the body and, for bodies under 20 words, also the same title. The representative release of a group is the
--     earliest, then the one with the shortest id, because copies get a suffix. A release without text is a group of
--     its own.
-- scope: release
create table work.twin as
with keyed as (
    select
        current_release.release_id,
        dated.nz_date,
        case
            when current_release.text_key is null then current_release.release_id
            when current_release.word_count < 20 then current_release.text_key || lower(current_release.title)
            else current_release.text_key
        end as group_key
    from work.current_release
    inner join work.dated using (release_id)
)

select
    release_id,
    first_value(release_id) over same_text as twin_group_id,
    release_id = twin_group_id as is_canonical,
    count(*) over (partition by group_key) as twin_count
from keyed
window same_text as (partition by group_key order by nz_date asc nulls last, length(release_id) asc, release_id asc);
