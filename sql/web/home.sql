-- description: What the start page says of the archive.
select
    build_info.release_count,
    min(releases_by_day.calendar_date) filter (where releases_by_day.release_count > 0) as first_release_date,
    build_info.latest_release_date
from main.build_info
cross join main.releases_by_day
group by all
