-- description: The numbers of the values that each release has.
select
    facet_value.value_number,
    facet.search_number
from memory.main.facet
inner join memory.main.facet_value using (kind, value_id)
