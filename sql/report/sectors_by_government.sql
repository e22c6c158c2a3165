-- title: Sectors
-- description: Share of each government's releases that have a portfolio of the sector. A release counts once for each
--     of its sectors, so the percentages of a government can sum to more than 100 %.
select
    sectors.sector,
    sectors.government_name,
    sectors.release_count,
    round(100 * sectors.release_count / governments.release_count, 1) as percent
from main.sectors_by_government as sectors
inner join main.releases_by_government as governments using (government_id)
where sectors.sector not in ('Unassigned', '(none)')
order by sectors.sector, governments.first_date
