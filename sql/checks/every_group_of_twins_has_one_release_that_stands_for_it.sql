-- description: Groups of releases with the same text that do not have exactly one representative release among them,
--     or whose number of releases is wrong in twin_count or in core.twin_group.
-- severity: fail
select
    twin_group_id,
    count(*) as release_count
from core.fact_release
group by twin_group_id
having
    count(*) filter (where is_canonical) <> 1
    or count(*) filter (where release_id = twin_group_id) <> 1
    or min(twin_count) <> count(*)
    or max(twin_count) <> count(*)

union all

select
    twin_group.twin_group_id,
    twin_group.release_count
from core.twin_group
left join core.fact_release
    on twin_group.twin_group_id = fact_release.release_id
where twin_group.release_count is distinct from fact_release.twin_count
