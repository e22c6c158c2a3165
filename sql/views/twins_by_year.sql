-- description: Texts that stand more than once, by the year of the release that stands for them; undated ones are left
--     out.
-- grain: year
-- example: select sum(copy_count) from twins_by_year where year < 2009
-- column year: Calendar year of nz_date of the release that stands for the group.
-- column group_count: Groups of releases of the same text; additive.
-- column copy_count: Releases beyond the first of each group; additive.
-- column identical_group_count: Of group_count, groups that are the same byte for byte; additive.
create or replace view main.twins_by_year as
select
    year(fact_release.nz_date)::integer as year,
    count(*) as group_count,
    sum(twin_group.release_count - 1)::bigint as copy_count,
    count(*) filter (where twin_group.is_identical) as identical_group_count
from core.twin_group
inner join core.fact_release
    on twin_group.twin_group_id = fact_release.release_id
where fact_release.nz_date is not null
group by year(fact_release.nz_date)
order by year;
