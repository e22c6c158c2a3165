-- title: Sectors
-- description: Part of each government's releases that carry a portfolio of the sector. A release counts once for
--     each of its sectors, so that the percentages of a government may pass 100 %.
select
    sectors.sector,
    sectors.government_name,
    sectors.release_count,
    round(100 * sectors.release_count / governments.release_count, 1) as percent
from main.sectors_by_government as sectors
inner join main.releases_by_government as governments using (government_id)
where sectors.sector not in ('Unassigned', '(none)')
order by sectors.sector, governments.first_date
