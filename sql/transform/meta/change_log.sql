-- description: The loaded releases compared with those of the previous build. A path that is gone and a new path are
--     one renamed file if they have the same content or, failing that, the same address. Each path is used for one
--     renaming only.
-- scope: whole
insert into meta.change_log by name
with came as (
    select
        fact_release.source_path as path,
        fact_release.source_blob as blob,
        fact_release.release_id,
        fact_release.title,
        fact_release.url
    from core.fact_release
    anti join work.previous_release
        on fact_release.source_path = previous_release.path
    cross join work.previous
    where previous.is_there
),

went as (
    select previous_release.*
    from work.previous_release
    anti join core.fact_release
        on previous_release.path = fact_release.source_path
),

pairs as (
    select
        came.path,
        came.blob,
        went.path as previous_path,
        went.blob as previous_blob,
        row_number() over (partition by came.path order by came.blob = went.blob desc, went.path asc) as rank_for_came,
        row_number() over (partition by went.path order by came.blob = went.blob desc, came.path asc) as rank_for_went
    from came
    inner join went
        on came.blob = went.blob or came.url = went.url
),

renamed as (
    select
        pairs.path,
        pairs.previous_path,
        difference.what_changed
    from pairs
    left join work.content_difference as difference using (path, blob, previous_path, previous_blob)
    where pairs.rank_for_came = 1 and pairs.rank_for_went = 1
)

select
    came.path,
    if(renamed.path is null, 'added', 'renamed') as change,
    renamed.previous_path,
    came.release_id,
    came.title,
    renamed.what_changed
from came
left join renamed using (path)

union all by name

select
    went.path,
    'removed' as change,
    went.release_id,
    went.title
from went
anti join renamed
    on went.path = renamed.previous_path

union all by name

select
    fact_release.source_path as path,
    'edited' as change,
    fact_release.release_id,
    fact_release.title,
    difference.what_changed
from core.fact_release
inner join work.previous_release
    on fact_release.source_path = previous_release.path
left join work.content_difference as difference
    on
        fact_release.source_path = difference.path
        and fact_release.source_blob = difference.blob
        and previous_release.path = difference.previous_path
        and previous_release.blob = difference.previous_blob
where fact_release.source_blob <> previous_release.blob
order by path;
