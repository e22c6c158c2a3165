-- title: Output
-- description: Releases of each calendar year by the government in office, in the colour of its leading party. A year
--     is incomplete (pale) unless the archive has releases in each of its months and, in the latest year, from 15
--     December on. doubtful_month_count counts months that may lack releases (see coverage_by_month). Releases are
--     files; texts count the copies of a joint statement once.
-- example: select nz_date, title, url from releases where year = 2017 order by nz_date
with years as (
    select
        releases_by_day.year,
        count(distinct releases_by_day.month) = 12
        and max(releases_by_day.calendar_date) >= make_date(releases_by_day.year, 12, 15) as is_whole_year
    from main.releases_by_day
    where not releases_by_day.is_gap
    group by releases_by_day.year
),

doubts as (
    select
        year(coverage_by_month.month_start_date) as year,
        count(*) as doubtful_month_count
    from main.coverage_by_month
    where coverage_by_month.doubt is not null
    group by 1
)

select
    releases.year,
    years.is_whole_year,
    coalesce(doubts.doubtful_month_count, 0) as doubtful_month_count,
    releases.government_name,
    coalesce(dim_party.party_name, '(unknown)') as party_name,
    coalesce(dim_party.colour, '#a6a6a6') as colour,
    count(*) as release_count,
    count(distinct releases.twin_group_id) as text_count,
    max(releases.release_id, 3) as latest_releases
from main.releases
inner join years on releases.year = years.year
left join doubts on releases.year = doubts.year
left join main.government_parties
    on releases.government_name = government_parties.government_name and government_parties.kind = 'lead'
left join core.dim_party on government_parties.party_name = dim_party.party_name
group by
    releases.year, years.is_whole_year, doubts.doubtful_month_count, releases.government_name, dim_party.party_name,
    dim_party.colour
order by releases.year, min(releases.nz_date)
