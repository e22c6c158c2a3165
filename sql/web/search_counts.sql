-- description: The number of releases of `found` for each value by which they can be narrowed.
select
    facet_value.kind,
    facet_value.value_id,
    facet_value.value_name,
    counted.release_count
from (
    select
        facet_row.value_number,
        count(*) as release_count
    from memory.main.facet_row
    inner join found using (search_number)
    group by facet_row.value_number
) as counted
inner join memory.main.facet_value using (value_number)
