-- description: Candidates are pairs of releases that share two neighbouring values of their min-hash. Each pair is
--     then compared by all its runs of five words, as hashes.
insert into core.near_twin by name
with bands as not materialized (
    select
        release_row,
        unnest(range(1, 17, 2)) as band,
        hash(band, text_sketch[band], text_sketch[band + 1]) as band_key
    from work.current_release
    where text_sketch is not null
),

-- Nearly all bands are unique: only shared ones are joined.
shared_bands as (
    select band_key
    from bands
    group by band_key
    having count(*) > 1
),

alike as (
    select
        current_release.release_row,
        current_release.release_id,
        current_release.text_key,
        dated.nz_date,
        bands.band_key
    from bands
    inner join shared_bands using (band_key)
    inner join work.current_release using (release_row)
    inner join work.dated using (release_id)
),

pairs as (
    select distinct
        one.release_id,
        one.release_row,
        other.release_id as near_release_id,
        other.release_row as near_release_row
    from alike as one
    inner join alike as other
        on one.band_key = other.band_key and one.release_id < other.release_id
    where one.text_key <> other.text_key and abs(one.nz_date - other.nz_date) <= 3
),

texts as (
    select
        rowid as release_row,
        regexp_extract_all(lower(coalesce(cleaned_body, body)), '[\p{L}\p{N}_]+') as words
    from staging.release
    where
        rowid in (select pairs.release_row from pairs)
        or rowid in (select pairs.near_release_row from pairs)
),

placed as (
    select
        release_row,
        words,
        unnest(range(1, len(words) - 3)) as place
    from texts
),

runs as materialized (
    select distinct
        release_row,
        hash(words[place], words[place + 1], words[place + 2], words[place + 3], words[place + 4]) as run
    from placed
),

sizes as (
    select
        release_row,
        count(*) as run_count
    from runs
    group by release_row
),

shared as (
    select
        pairs.release_id,
        pairs.release_row,
        pairs.near_release_id,
        pairs.near_release_row,
        count(*) as run_count
    from pairs
    inner join runs as one
        on pairs.release_row = one.release_row
    inner join runs as other
        on pairs.near_release_row = other.release_row and one.run = other.run
    group by all
),

compared as (
    select
        shared.release_id,
        shared.near_release_id,
        round(shared.run_count / (one.run_count + other.run_count - shared.run_count), 4) as similarity
    from shared
    inner join sizes as one
        on shared.release_row = one.release_row
    inner join sizes as other
        on shared.near_release_row = other.release_row
)

select
    release_id,
    near_release_id,
    similarity
from compared
where similarity >= 0.9
order by release_id, near_release_id;
