-- title: Through the year
-- description: Releases per day in each month of the year, over all months that have a release: those without any
--     are gaps of the archive.
select
    releases_by_season.month,
    releases_by_season.month_name,
    releases_by_season.day_count,
    releases_by_season.release_count,
    round(releases_by_season.releases_per_day, 2) as releases_per_day
from main.releases_by_season
order by releases_by_season.month
