-- description: The values by which searches are narrowed, numbered.
select
    kind,
    value_id,
    any_value(value_name) as value_name,
    row_number() over ()::integer as value_number
from memory.main.facet
group by kind, value_id
