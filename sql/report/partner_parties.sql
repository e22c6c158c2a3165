-- title: Parties
-- description: Share of each year's releases that fall to ministers of other parties than the one that led the
--     government, in the colours of the parties. A joint release is shared equally between its ministers, and a credit
--     counts for the party of the day. Pale years are incomplete, as above.
-- example: select nz_date, title, minister_name from release_ministers where party_name = 'NZ First' order by nz_date
with years as (
    select
        releases_by_day.year,
        count(distinct releases_by_day.month) = 12
        and max(releases_by_day.calendar_date) >= make_date(releases_by_day.year, 12, 15) as is_whole_year
    from main.releases_by_day
    where not releases_by_day.is_gap
    group by releases_by_day.year
)

select
    release_ministers.year,
    years.is_whole_year,
    release_ministers.party_name,
    dim_party.colour,
    government_parties.party_name is not null as is_leading,
    round(sum(release_ministers.minister_share), 2) as release_share,
    round(
        100 * sum(release_ministers.minister_share)
        / sum(sum(release_ministers.minister_share)) over (partition by release_ministers.year), 4
    ) as percent,
    max(release_ministers.release_id, 3) as latest_releases
from main.release_ministers
inner join years on release_ministers.year = years.year
inner join core.dim_party on release_ministers.party_name = dim_party.party_name
left join main.government_parties
    on
        release_ministers.government_id = government_parties.government_id
        and release_ministers.party_name = government_parties.party_name
        and government_parties.kind = 'lead'
where release_ministers.is_person
group by
    release_ministers.year, years.is_whole_year, release_ministers.party_name, dim_party.colour,
    government_parties.party_name
order by release_ministers.year, percent desc, release_ministers.party_name
