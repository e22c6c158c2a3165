-- description: Pairs that share two neighbouring values of their min-hash are compared by all their runs of five words,
--     each run by its hash.
insert into core.near_twin by name
with bands as (
    select
        release_id,
        unnest(range(1, 17, 2)) as band,
        hash(band, text_sketch[band], text_sketch[band + 1]) as band_key
    from work.current_release
    where text_sketch is not null
),

-- nearly all stand alone: only the others are joined
shared_bands as (
    select band_key
    from bands
    group by band_key
    having count(*) > 1
),

alike as (
    select
        bands.release_id,
        bands.band_key,
        current_release.text_key,
        dated.nz_date
    from bands
    inner join shared_bands using (band_key)
    inner join work.current_release using (release_id)
    inner join work.dated using (release_id)
),

pairs as (
    select distinct
        one.release_id,
        other.release_id as near_release_id
    from alike as one
    inner join alike as other
        on one.band_key = other.band_key and one.release_id < other.release_id
    where one.text_key <> other.text_key and abs(one.nz_date - other.nz_date) <= 3
),

texts as (
    select
        current_release.release_id,
        regexp_extract_all(lower(coalesce(release.cleaned_body, release.body)), '[\p{L}\p{N}_]+') as words
    from work.current_release
    inner join staging.release using (path, blob)
    where
        current_release.release_id in (select pairs.release_id from pairs)
        or current_release.release_id in (select pairs.near_release_id from pairs)
),

windowed as (
    select
        release_id,
        unnest(list_zip(words, words[2:], words[3:], words[4:], words[5:], true)) as run
    from texts
),

runs as materialized (
    select distinct
        release_id,
        hash(run) as run
    from windowed
),

sizes as (
    select
        release_id,
        count(*) as run_count
    from runs
    group by release_id
),

shared as (
    select
        pairs.release_id,
        pairs.near_release_id,
        count(*) as run_count
    from pairs
    inner join runs as one
        on pairs.release_id = one.release_id
    inner join runs as other
        on pairs.near_release_id = other.release_id and one.run = other.run
    group by pairs.release_id, pairs.near_release_id
),

compared as (
    select
        shared.release_id,
        shared.near_release_id,
        round(shared.run_count / (one.run_count + other.run_count - shared.run_count), 4) as similarity
    from shared
    inner join sizes as one
        on shared.release_id = one.release_id
    inner join sizes as other
        on shared.near_release_id = other.release_id
)

select
    release_id,
    near_release_id,
    similarity
from compared
where similarity >= 0.9
order by release_id, near_release_id;
