-- title: Files not loaded
-- description: Why files of the archive were quarantined or excluded.
select
    source_files.fate,
    source_files.reason,
    source_files.meaning,
    count(*) as file_count,
    min(source_files.path) as example_path
from main.source_files
where source_files.fate <> 'loaded'
group by source_files.fate, source_files.reason, source_files.meaning
order by source_files.fate, file_count desc, source_files.reason
