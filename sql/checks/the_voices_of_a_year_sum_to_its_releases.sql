-- description: Governments and years whose shares in voice_by_party or voice_by_gender do not sum to their number of
--     releases, so that releases are lost or counted twice and voice_share is wrong.
-- severity: fail
with voices as (
    select
        'party' as divided_by,
        government_id,
        year,
        release_share
    from main.voice_by_party

    union all by name

    select
        'gender' as divided_by,
        government_id,
        year,
        release_share
    from main.voice_by_gender
),

summed as (
    select
        divided_by,
        government_id,
        year,
        sum(release_share) as share_sum
    from voices
    group by divided_by, government_id, year
),

counted as (
    select
        divided.divided_by,
        fact_release.government_id,
        year(fact_release.nz_date) as year,
        count(*) as release_count
    from core.fact_release
    cross join (values ('party'), ('gender')) as divided (divided_by)
    group by all
)

select
    counted.divided_by,
    counted.government_id,
    counted.year,
    counted.release_count,
    summed.share_sum
from counted
left join summed
    on
        counted.divided_by = summed.divided_by
        and counted.government_id = summed.government_id
        and counted.year is not distinct from summed.year
where coalesce(abs(summed.share_sum - counted.release_count) > 0.001, true)
