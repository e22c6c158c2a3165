-- title: Output
-- description: Releases of each calendar year by the government in office, in the colour of its leading party. A year
--     is incomplete (pale) unless the archive has releases in each of its months and, in the latest year, from 15
--     December on. Releases are files; texts count the copies of a joint statement once.
-- example: select nz_date, title, url from releases where year = 2017 order by nz_date
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
    releases.year,
    years.is_whole_year,
    releases.government_name,
    coalesce(dim_party.party_name, '(unknown)') as party_name,
    coalesce(dim_party.colour, '#a6a6a6') as colour,
    count(*) as release_count,
    count(distinct releases.twin_group_id) as text_count,
    max(releases.release_id, 3) as latest_releases
from main.releases
inner join years on releases.year = years.year
left join main.government_parties
    on releases.government_name = government_parties.government_name and government_parties.kind = 'lead'
left join core.dim_party on government_parties.party_name = dim_party.party_name
group by releases.year, years.is_whole_year, releases.government_name, dim_party.party_name, dim_party.colour
order by releases.year, min(releases.nz_date)
