-- description: Each minister's share of what a government published. A joint release is divided equally between its
--     ministers, so that the shares of a government sum to 1, except for rounding to six places. Rows with a name in
--     brackets hold the releases that credit nobody in office.
-- grain: government_id, minister_id
-- warning: A credit of the day before or after a change of government is accepted, because printed dates can be UTC
--     dates: a few releases of incoming ministers count under the outgoing government.
-- metric voice_release_count: sum(release_share): Number of releases when each joint release is divided equally between
--     its ministers; additive.
-- metric government_voice_share: sum(voice_share): Share of what a government published, 0 to 1; additive within one
--     government.
-- column government_id: Id of the government in office on nz_date, such as `fifth-labour`; `unknown` for undated
--     releases.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column minister_id: Id of the minister, such as `winston-peters`, or the reason why there is none: `not-stated`,
--     `not-a-person`, `unresolved` or `not-in-office`; joins to ministers.
-- column minister_name: Display name of the minister, without honorifics; in brackets if there is no person.
-- column term_party_name: Party of the minister at the latest release in that government, such as `NZ First`;
--     `(unknown)` if it is not known, `(nobody)` if there is no person. voice_by_party counts each release for the
--     party of its day.
-- column gender: Gender of the minister, female or male; `(unknown)` if it is not known, `(nobody)` if there is no
--     person.
-- column is_prime_minister: True if the person was prime minister in that government at any time.
-- column release_count: Number of releases credited to the minister; not additive over ministers.
-- column distinct_release_count: Number of different texts credited to the minister: copies of a joint statement count
--     once; not additive.
-- column statement_count: Number of statements credited to the minister: copies and reworked texts of a statement count
--     once; not additive.
-- column release_share: Number of releases when each joint release is divided equally between its ministers; additive.
-- column voice_share: Share of the government's releases that falls to the minister, 0 to 1; additive within one
--     government.
create or replace view main.share_of_voice as
with credited as (
    select
        fact_release.government_id,
        case when bridge.is_out_of_government then 'not-in-office' else bridge.minister_id end as minister_id,
        count(distinct bridge.release_id) as release_count,
        count(distinct fact_release.twin_group_id) as distinct_release_count,
        count(distinct fact_release.statement_id) as statement_count,
        max_by(bridge.party_id, fact_release.nz_date) as party_id,
        round(sum(bridge.share), 6) as release_share
    from core.bridge_release_minister as bridge
    inner join core.fact_release using (release_id)
    where not bridge.is_out_of_government or bridge.share > 0
    group by fact_release.government_id, 2
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
    case
        when dim_minister.is_person then coalesce(dim_party.party_name, '(unknown)') else '(nobody)'
    end as term_party_name,
    case when dim_minister.is_person then coalesce(dim_minister.gender, '(unknown)') else '(nobody)' end as gender,
    coalesce(dim_minister.is_person, false) and prime_ministers.prime_minister_id is not null as is_prime_minister,
    credited.release_count,
    credited.distinct_release_count,
    credited.statement_count,
    credited.release_share,
    round(
        credited.release_share / sum(credited.release_share) over (partition by credited.government_id), 6
    ) as voice_share
from credited
inner join core.dim_government using (government_id)
left join core.dim_minister using (minister_id)
left join core.dim_party using (party_id)
left join prime_ministers
    on
        credited.government_id = prime_ministers.government_id
        and credited.minister_id = prime_ministers.prime_minister_id
order by dim_government.start_date, credited.release_share desc, credited.minister_id;
