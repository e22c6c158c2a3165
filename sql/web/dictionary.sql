-- description: The tables, views and macros of the warehouse.
select
    schema_name,
    object_name,
    object_kind,
    description,
    grain
from meta.dictionary
where column_name = ''
