-- description: Texts that share two neighbouring values of their min-hash with another text, once for each such pair of
--     values. They are numbered by day, so that core.near_twin compares each text with the next ones only.
-- scope: whole
create table work.alike as
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
)

select
    current_release.release_row,
    current_release.release_id,
    current_release.text_key,
    dated.nz_date,
    bands.band_key,
    row_number() over by_day as place,
    count(*) over (
        partition by bands.band_key
        order by dated.nz_date range between unbounded preceding and interval 3 days following
    ) - place as following_count -- texts after this one, at most three days later
from bands
inner join shared_bands using (band_key)
inner join work.current_release using (release_row)
inner join work.dated using (release_id)
where dated.nz_date is not null
window by_day as (partition by bands.band_key order by dated.nz_date asc, current_release.release_id asc);
