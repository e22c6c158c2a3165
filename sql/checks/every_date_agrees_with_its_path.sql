-- description: Releases whose printed date is not the date that their file name begins with; compare both with the
--     release on the site.
-- severity: warn
select
    source_path,
    published_date
from core.fact_release
where published_date is not null and not contains(source_path, '/' || strftime(published_date, '%Y-%m-%d') || '-')
