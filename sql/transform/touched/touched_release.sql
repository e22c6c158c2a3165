-- description: Releases whose own facts can differ from those of the build before: those of changed files, those with
--     another publication time in the index, those that print a name which is decided otherwise, and all that have or
--     had the same text as one of them; or all releases, if the texts are searched for other names or have another
--     average length.
create table work.touched_release as
-- noqa: disable=AL10,LT11
with other_times as (
    select release_id from (from work.exact_time except from before.exact_time)
    union
    select release_id from (from before.exact_time except from work.exact_time)
),

-- Every name that a release prints is decided, so none of these is only in the build before.
other_names as (
    select credited_as as printed from (from work.minister_decision except from before.minister_decision)
    union
    select tagged_as as printed from (from work.portfolio_decision except from before.portfolio_decision)
),

other_searches as (
    select 1 from (from work.minister_name except from before.minister_name)
    union
    select 1 from (from before.minister_name except from work.minister_name)
    union
    select 1 from (from before.text_length except from work.text_length)
),

texts as (
    select
        release_id,
        text_key
    from work.current_release
    union
    select
        release_id,
        text_key
    from before.current_release
),

touched as (
    select release_id from work.touched_content
    union
    select release_id from other_times
    union
    select current_release.release_id
    from work.current_release
    where
        list_has_any(current_release.ministers, (select list(other_names.printed) from other_names))
        or list_has_any(current_release.portfolios, (select list(other_names.printed) from other_names))
),

-- A statement about a group of copies needs all of them.
touched_texts as (
    select texts.text_key
    from texts
    inner join touched using (release_id)
)

select release_id from touched
union
select texts.release_id
from texts
inner join touched_texts using (text_key)
union
select current_release.release_id
from work.current_release
where exists (from other_searches);
