-- description: The columns of a table or view.
select
    column_position,
    column_name,
    data_type,
    description
from meta.dictionary
where schema_name = $schema_name and object_name = $object_name and column_name <> ''
