-- description: Each minister's part of what a government published. A joint release is shared equally, so the
--     shares of a government sum to 1 (but for rounding to six places, without which two builds could differ
--     in the last bit); the rows in brackets hold the releases that name nobody who was in office.
-- warning: A credit of the day before or after a change of government is believed, since printed days can be UTC
--     days: a few releases of an incoming minister count under the outgoing government.
-- grain: government_id, minister_id
-- metric voice_release_count: sum(release_share): Releases when a joint one is shared equally; additive.
-- metric government_voice_share: sum(voice_share): Part of what a government published, 0 to 1; additive within one
--     government.
-- column government_id: Government in office on nz_date; `unknown` for undated releases.
-- column government_name: Such as `Fifth Labour Government`.
-- column minister_id: The person, or the reason why there is none: not-in-office for releases that credit only people
--     who were not (see doubtful_credits).
-- column minister_name: Display name; in brackets where there is no person.
-- column is_prime_minister: Was prime minister in that government, at any time.
-- column release_count: Releases credited to them, each once; not additive (joint releases).
-- column distinct_release_count: Of those, each text once: copies of a joint statement count as one. Not
--     additive: the copies may stand on two rows.
-- column release_share: Releases when a joint one is shared equally; additive.
-- column voice_share: release_share as a part of the government's releases, 0 to 1.
create or replace view main.share_of_voice as
with credited as (
    select
        fact_release.government_id,
        case when bridge.is_out_of_government then 'not-in-office' else bridge.minister_id end as minister_id,
        count(distinct bridge.release_id) as release_count,
        count(distinct fact_release.twin_group_id) as distinct_release_count,
        round(sum(bridge.share), 6) as release_share
    from core.bridge_release_minister as bridge
    inner join core.fact_release using (release_id)
    where not bridge.is_out_of_government or bridge.share > 0
    group by all
),

prime_ministers as (
    select distinct
        government_id,
        prime_minister_id
    from core.dim_date
)

select
    credited.government_id,
    dim_government.government_name,
    credited.minister_id,
    coalesce(dim_minister.minister_name, '(not in office)') as minister_name,
    coalesce(dim_minister.is_person, false) and prime_ministers.prime_minister_id is not null as is_prime_minister,
    credited.release_count,
    credited.distinct_release_count,
    credited.release_share,
    round(
        credited.release_share / sum(credited.release_share) over (partition by credited.government_id), 6
    ) as voice_share
from credited
inner join core.dim_government using (government_id)
left join core.dim_minister using (minister_id)
left join prime_ministers
    on
        credited.government_id = prime_ministers.government_id
        and credited.minister_id = prime_ministers.prime_minister_id
order by dim_government.start_date, credited.release_share desc, credited.minister_id;
