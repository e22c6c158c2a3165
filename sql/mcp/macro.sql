-- description: The parameters of a macro, in order.
select parameters
from duckdb_functions()
where schema_name || '.' || function_name = $name and function_type in ('macro', 'table_macro')
