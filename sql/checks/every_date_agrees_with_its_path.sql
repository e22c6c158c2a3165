-- description: The date in the front matter is the one the file name begins with.
-- severity: warn
select
    source_path,
    published_date
from core.fact_release
where published_date is not null and not contains(source_path, '/' || strftime(published_date, '%Y-%m-%d') || '-')
