-- description: The columns of a table or view, with their meaning.
select
    column_name,
    data_type,
    description
from meta.dictionary
where schema_name || '.' || object_name = $name and column_name <> ''
order by column_position
