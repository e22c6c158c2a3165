-- description: Every table, view and macro, with its meaning.
select
    schema_name || '.' || object_name as name,
    schema_name,
    object_kind,
    description
from meta.dictionary
where column_name = ''
order by object_name
