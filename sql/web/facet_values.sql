-- description: The values by which searches are narrowed.
select
    kind,
    value_id,
    value_name,
    value_number
from memory.main.facet_value
