-- description: The counts with which this build is compared. They come from published.json, which has the largest
--     number of releases and exact days since a guard was last allowed to pass. The published file is counted, too: it
--     can have more releases if the refresh that published it was killed.
-- scope: whole
create table work.measure_before as
with counted as (
    from work.published_measure

    union all by name

    select
        'releases' as measure,
        regexp_extract(path, '/(\d{4})/', 1) as subject,
        count(*) as row_count
    from work.previous_release
    group by subject
)

select
    measure,
    subject,
    max(row_count) as row_count
from counted
group by measure, subject;
