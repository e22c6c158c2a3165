-- description: Pairs that share two neighbouring values of their min-hash are compared by all their runs of words.
insert into core.near_twin by name
with bands as (
    select
        current_release.release_id,
        current_release.text_key,
        dated.nz_date,
        unnest(range(1, 17, 2)) as band,
        current_release.text_sketch[band] as first_value,
        current_release.text_sketch[band + 1] as second_value
    from staging.current_release
    inner join work.dated using (release_id)
    where current_release.text_sketch is not null
),

pairs as (
    select distinct
        one.release_id,
        other.release_id as near_release_id
    from bands as one
    inner join bands as other
        on
            one.band = other.band
            and one.first_value = other.first_value
            and one.second_value = other.second_value
            and one.release_id < other.release_id
    where one.text_key <> other.text_key and abs(one.nz_date - other.nz_date) <= 3
),

words as (
    select
        release_id,
        unnest(regexp_extract_all(lower(coalesce(cleaned_body, body)), '[\p{L}\p{N}_]+')) as word,
        generate_subscripts(regexp_extract_all(lower(coalesce(cleaned_body, body)), '[\p{L}\p{N}_]+'), 1) as place
    from staging.current_release
    where
        release_id in (select pairs.release_id from pairs)
        or release_id in (select pairs.near_release_id from pairs)
),

windowed as (
    select
        release_id,
        concat_ws(
            ' ',
            word,
            lead(word, 1) over text,
            lead(word, 2) over text,
            lead(word, 3) over text,
            lead(word, 4) over text
        ) as run,
        lead(word, 4) over text is not null as is_whole
    from words
    window text as (partition by release_id order by place)
),

runs as (
    select distinct
        release_id,
        run
    from windowed
    where is_whole
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
