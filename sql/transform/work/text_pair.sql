-- description: How much of their texts two releases share that are dated within three days of each other: all runs of
--     five words are compared, as hashes, without accents. Candidates are pairs that share two neighbouring values of
--     their min-hash, and pairs whose titles begin with the same 25 letters. Of releases that all do, each is compared
--     with the next 20 by day, so that the number of pairs does not grow with the square of their number. Texts that
--     have more in work.alike are in meta.source_warning. Only pairs that share half of the shorter text are kept.
-- scope: pair
create table work.text_pair as
with titles as (
    select
        current_release.release_row,
        current_release.release_id,
        dated.nz_date,
        current_release.title_key
    from work.current_release
    inner join work.dated using (release_id)
    where current_release.has_body and dated.nz_date is not null and current_release.title_key <> ''
),

titled as (
    select
        release_row,
        release_id,
        nz_date,
        title_key,
        row_number() over (partition by title_key order by nz_date, release_id) as place
    from titles
),

like_texts as (
    select
        release_row,
        release_id,
        nz_date,
        band_key::varchar as group_key,
        place
    from work.alike

    union all

    select
        release_row,
        release_id,
        nz_date,
        title_key as group_key,
        place
    from titled
),

steps as (
    select
        *,
        place + unnest(range(1, 21)) as next_place
    from like_texts
),

pairs as (
    select distinct
        least(one.release_id, other.release_id) as release_id,
        if(one.release_id < other.release_id, one.release_row, other.release_row) as release_row,
        greatest(one.release_id, other.release_id) as near_release_id,
        if(one.release_id < other.release_id, other.release_row, one.release_row) as near_release_row
    from steps as one
    inner join like_texts as other
        on one.group_key = other.group_key and one.next_place = other.place
    inner join work.twin as one_twin
        on one.release_id = one_twin.release_id
    inner join work.twin as other_twin
        on other.release_id = other_twin.release_id
    where one_twin.twin_group_id <> other_twin.twin_group_id and other.nz_date <= one.nz_date + 3
),

texts as (
    select
        rowid as release_row,
        regexp_extract_all(lower(strip_accents(coalesce(cleaned_body, body))), '[\p{L}\p{N}_]+') as words
    from staging.release
    where rowid in (
        select pairs.release_row from pairs
        union
        select pairs.near_release_row from pairs
    )
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

-- Materialised, because otherwise DuckDB may first join all runs with all equal runs.
pair_runs as materialized (
    select
        pairs.release_row,
        pairs.near_release_row,
        runs.run
    from pairs
    inner join runs using (release_row)
),

shared as (
    select
        pair_runs.release_row,
        pair_runs.near_release_row,
        count(*) as run_count
    from pair_runs
    inner join runs
        on pair_runs.near_release_row = runs.release_row and pair_runs.run = runs.run
    group by pair_runs.release_row, pair_runs.near_release_row
)

select
    pairs.release_id,
    pairs.release_row,
    pairs.near_release_id,
    pairs.near_release_row,
    round(shared.run_count / least(one.run_count, other.run_count), 4) as shared_share,
    round(shared.run_count / (one.run_count + other.run_count - shared.run_count), 4) as similarity
from shared
inner join pairs using (release_row, near_release_row)
inner join sizes as one
    on shared.release_row = one.release_row
inner join sizes as other
    on shared.near_release_row = other.release_row
where shared_share >= 0.5;
