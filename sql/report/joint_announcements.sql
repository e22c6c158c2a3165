-- title: Joint announcements
-- description: Share of each year's releases that credit two or more ministers.
-- warning: Before 2009 the site held one minister per release, so a joint statement has one copy per minister and none
--     of them is counted as joint. twin_release_count is the number of releases that share their text with another.
select
    releases.year,
    count(*) as release_count,
    count(*) filter (where releases.minister_count > 1) as joint_release_count,
    round(100 * count(*) filter (where releases.minister_count > 1) / count(*), 2) as percent,
    count(*) filter (where releases.twin_count > 1) as twin_release_count
from main.releases
where releases.year is not null
group by releases.year
order by releases.year
