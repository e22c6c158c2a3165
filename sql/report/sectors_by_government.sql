-- title: Sectors
-- description: Part of each government's releases that carry a portfolio of the sector. A release counts once for
--     each of its sectors, so that the percentages of a government may pass 100 %.
with tagged as (
    select
        releases.release_id,
        releases.government_name,
        unnest(string_split(releases.portfolios, '; ')) as portfolio_name
    from main.releases
    where releases.nz_date is not null
),

totals as (
    select
        releases.government_name,
        count(*) as total_count,
        min(releases.nz_date) as first_date
    from main.releases
    where releases.nz_date is not null
    group by releases.government_name
)

select
    portfolios.sector,
    tagged.government_name,
    count(distinct tagged.release_id) as release_count,
    round(100 * count(distinct tagged.release_id) / any_value(totals.total_count), 1) as percent
from tagged
inner join main.portfolios using (portfolio_name)
inner join totals using (government_name)
where portfolios.sector <> 'Unassigned'
group by portfolios.sector, tagged.government_name
order by portfolios.sector, min(totals.first_date)
