-- description: Candidates are pairs of releases that share two neighbouring values of their min-hash. Each pair is
--     then compared by all its runs of five words, as hashes. Of texts that all share such values, each is compared
--     with the next 20 by day, so that the number of pairs does not grow with the square of their number. Texts that
--     have more are in meta.source_warning.
insert into core.near_twin by name
with steps as (
    select
        *,
        place + unnest(range(1, 21)) as next_place
    from work.alike
),

pairs as (
    select distinct
        least(one.release_id, other.release_id) as release_id,
        if(one.release_id < other.release_id, one.release_row, other.release_row) as release_row,
        greatest(one.release_id, other.release_id) as near_release_id,
        if(one.release_id < other.release_id, other.release_row, one.release_row) as near_release_row
    from steps as one
    inner join work.alike as other
        on one.band_key = other.band_key and one.next_place = other.place
    where one.text_key <> other.text_key and other.nz_date <= one.nz_date + 3
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
),

compared as (
    select
        pairs.release_id,
        pairs.near_release_id,
        round(shared.run_count / (one.run_count + other.run_count - shared.run_count), 4) as similarity
    from shared
    inner join pairs using (release_row, near_release_row)
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
