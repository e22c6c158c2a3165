-- description: The counts of this build with which the guards compare the next build.
-- scope: whole
insert into meta.measure by name
select
    'releases' as measure,
    regexp_extract(source_path, '/(\d{4})/', 1) as subject,
    count(*) as row_count
from core.fact_release
group by subject

union all by name

select
    'copies' as measure,
    'all years' as subject,
    count(*) - count(distinct body_hash) as row_count
from work.current_release

union all by name

select
    unnest(['uncredited', 'exact_days']) as measure,
    'all years' as subject,
    unnest([
        count(*) filter (minister_count = 0),
        count(*) filter (date_basis = 'exact')
    ]) as row_count
from core.fact_release

union all by name

select
    'seed_rows' as measure,
    table_name as subject,
    estimated_size as row_count
from duckdb_tables()
where database_name = 'seeds';
