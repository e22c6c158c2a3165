-- description: One row for each person credited with a release who was in office, for charts by minister, government
--     and date. A release that credits nobody in office has one row, with the reason in brackets.
-- grain: release_id, minister_id
-- files: by year of release_id
-- warning: A joint release has several rows: count distinct release_id, or sum minister_share. Do not join this view to
--     release_portfolios; use attributions.
-- example: select minister_name, count(distinct release_id) as release_count from release_ministers group by all
-- metric credited_release_count: count(distinct release_id): Number of releases, every copy of a text counted; not
--     additive over ministers (a joint release has several).
-- metric credited_text_count: count(distinct twin_group_id): Number of different texts: copies of a joint statement
--     count once; not additive.
-- metric shared_release_count: sum(minister_share): Number of releases when each joint release is divided equally
--     between its ministers; additive.
-- metric credited_person_count: count(distinct case when is_person then minister_id end): Number of people credited;
--     not additive.
-- column release_id: Id of the release; joins to releases.
-- column title: Title of the release, as printed.
-- column url: Address of the release on the site, as printed in its front matter.
-- column nz_date: Best known New Zealand date of the release; NULL if no date is known.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column fiscal_year: Fiscal year ended 30 June, named by the year it ends in: 2014-07-01 is in 2015; NULL if no date
--     is known.
-- column month_of_term: Month of the parliamentary term on nz_date, where month 1 begins on the day of the general
--     election; NULL if no date is known.
-- column government_id: Id of the government in office on nz_date, such as `fifth-labour`; `unknown` for undated
--     releases.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column minister_id: Id of the minister, such as `winston-peters`, or the reason why there is none: `not-stated`,
--     `not-a-person`, `unresolved` or `not-in-office`; joins to ministers.
-- column minister_name: Display name of the minister, without honorifics; in brackets if there is no person.
-- column party_name: Party of the minister on nz_date, such as `NZ First`; `(unknown)` if it is not known, `(nobody)`
--     if there is no person.
-- column gender: Gender of the minister, female or male; `(unknown)` if it is not known, `(nobody)` if there is no
--     person.
-- column is_person: False on the single row of a release that credits nobody in office.
-- column minister_share: Share of the release given to this minister, 0 to 1; the shares of a release sum to 1, except
--     for rounding.
-- column twin_group_id: Id of the representative release among all with the same text; a release without twins has its
--     own id. Count it distinct to count joint statements once.
create or replace view main.release_ministers as
with credited as (
    select
        bridge.release_id,
        case when bridge.is_out_of_government then 'not-in-office' else bridge.minister_id end as minister_id,
        any_value(bridge.party_id) as party_id,
        round(sum(bridge.share), 6) as minister_share
    from core.bridge_release_minister as bridge
    where bridge.share > 0
    group by bridge.release_id, 2
)

select
    credited.release_id,
    fact_release.title,
    fact_release.url,
    fact_release.nz_date,
    dim_date.year,
    dim_date.fiscal_year,
    dim_date.month_of_term,
    fact_release.government_id,
    dim_government.government_name,
    credited.minister_id,
    coalesce(dim_minister.minister_name, '(not in office)') as minister_name,
    case when dim_minister.is_person then dim_party.party_name else '(nobody)' end as party_name,
    case when dim_minister.is_person then coalesce(dim_minister.gender, '(unknown)') else '(nobody)' end as gender,
    coalesce(dim_minister.is_person, false) as is_person,
    credited.minister_share,
    fact_release.twin_group_id
from credited
inner join core.fact_release using (release_id)
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
left join core.dim_minister
    on credited.minister_id = dim_minister.minister_id
left join core.dim_party using (party_id);
