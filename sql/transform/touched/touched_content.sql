-- description: Releases whose file was added, changed, moved or removed since the build before.
create table work.touched_content as
-- noqa: disable=AL10,LT11
with now as (
    select
        release_id,
        file_hash,
        release_row
    from work.identity
    where id_rank = 1
),

earlier as (
    select
        release_id,
        file_hash,
        release_row
    from before.identity
    where id_rank = 1
)

select release_id from (from now except from earlier)
union
select release_id from (from earlier except from now);
