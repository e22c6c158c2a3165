-- description: How many releases credit each person in each year, earliest first; undated releases come last, without
--     a year.
select
    bridge.minister_id,
    dim_date.year,
    count(distinct bridge.release_id) as release_count,
    count(distinct bridge.release_id) filter (where fact_release.minister_count > 1) as joint_release_count
from core.bridge_release_minister as bridge
inner join core.fact_release using (release_id)
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
where not bridge.is_out_of_government
group by bridge.minister_id, dim_date.year
order by dim_date.year nulls last
