-- title: Governments
-- description: What each government published in the time that the archive covers. Releases are files. Days in months
--     without any release in the archive are not counted.
select
    releases_by_government.government_name,
    releases_by_government.first_date,
    releases_by_government.last_date,
    releases_by_government.day_count,
    releases_by_government.release_count,
    round(releases_by_government.releases_per_day, 2) as releases_per_day
from main.releases_by_government
where releases_by_government.first_date is not null
order by releases_by_government.first_date
