-- description: The counts of the published build. Its releases are counted from its file; if that is missing or older
--     than these counts, they come from published.json.
create table work.measure_before as
select
    'releases' as measure,
    regexp_extract(path, '/(\d{4})/', 1) as subject,
    count(*) as row_count
from work.previous_release
group by subject

union all

select
    published_measure.measure,
    published_measure.subject,
    published_measure.row_count
from work.published_measure
cross join work.previous
where published_measure.measure <> 'releases' or not previous.is_there;
