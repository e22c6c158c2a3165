-- description: The parameters of a macro, in order; of one that may be called without some of them, all.
select parameters
from duckdb_functions()
where schema_name || '.' || function_name = $name and function_type in ('macro', 'table_macro')
order by len(parameters) desc
limit 1
