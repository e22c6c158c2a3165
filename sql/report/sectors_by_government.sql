-- title: Sectors
-- description: Share of each government's releases that have a portfolio of the sector, largest sector of all first. A
--     release counts once for each of its sectors, so the percentages of a government can sum to more than 100 %.
-- example: select nz_date, title, portfolio_name from release_portfolios where sector = 'Health' order by nz_date
select
    sectors.sector,
    sectors.government_name,
    sectors.release_count,
    round(100 * sectors.release_count / governments.release_count, 1) as percent,
    max(release_portfolios.release_id, 3) as latest_releases
from main.sectors_by_government as sectors
inner join main.releases_by_government as governments on sectors.government_id = governments.government_id
inner join main.release_portfolios
    on sectors.government_id = release_portfolios.government_id and sectors.sector = release_portfolios.sector
where sectors.sector not in ('Unassigned', '(none)')
group by
    sectors.sector, sectors.government_name, sectors.release_count, governments.release_count, governments.first_date
order by
    sum(sectors.release_count) over (partition by sectors.sector) desc,
    sectors.sector,
    governments.first_date
