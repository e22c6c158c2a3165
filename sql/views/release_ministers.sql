-- description: Each release once per person credited with it who was in office; one that credits nobody of them stands
--     once, with the reason in brackets. For charts by minister, government and day in one place.
-- grain: release_id, minister_id
-- warning: A joint release stands on several rows: count distinct release_id, or sum release_share.
-- example: select minister_name, count(distinct release_id) as release_count from release_ministers group by all
-- metric credited_release_count: count(distinct release_id): Releases, files of the archive; not additive over
--     ministers (joint releases).
-- metric credited_text_count: count(distinct twin_group_id): Releases, each text once: copies of a joint statement
--     count as one; not additive.
-- metric shared_release_count: sum(release_share): Releases when a joint one is shared equally; additive.
-- metric credited_person_count: count(distinct case when is_person then minister_id end): People credited; not
--     additive.
-- column release_id: Joins to releases.
-- column title: As printed.
-- column nz_date: The best known New Zealand day; NULL where nothing is known.
-- column year: Calendar year of nz_date; NULL where undated.
-- column government_id: In office on nz_date; `unknown` where undated.
-- column government_name: Such as `Fifth Labour Government`.
-- column minister_id: Joins to ministers; or the reason why there is none.
-- column minister_name: Display name, without honorifics; in brackets where there is no person.
-- column is_person: False on the row of a release that credits nobody in office.
-- column release_share: This person's part of the release; the shares of a release sum to 1 (but for rounding).
-- column twin_group_id: The same for releases of the same text.
create or replace view main.release_ministers as
with credited as (
    select
        bridge.release_id,
        case when bridge.is_out_of_government then 'not-in-office' else bridge.minister_id end as minister_id,
        round(sum(bridge.share), 6) as release_share
    from core.bridge_release_minister as bridge
    where bridge.share > 0
    group by all
)

select
    credited.release_id,
    fact_release.title,
    fact_release.nz_date,
    dim_date.year,
    fact_release.government_id,
    dim_government.government_name,
    credited.minister_id,
    coalesce(dim_minister.minister_name, '(not in office)') as minister_name,
    coalesce(dim_minister.is_person, false) as is_person,
    credited.release_share,
    fact_release.twin_group_id
from credited
inner join core.fact_release using (release_id)
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
left join core.dim_minister
    on credited.minister_id = dim_minister.minister_id;
