-- description: The public views and their columns, each view before its columns.
select
    object_name as view_name,
    column_name,
    data_type,
    description,
    grain
from meta.dictionary
where schema_name = 'main' and object_kind = 'view'
order by object_name, column_position
