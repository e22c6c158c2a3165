-- title: Weekdays
-- description: Share of releases on each weekday, by the releases whose New Zealand day is certain.
-- warning: From October 2017 the archive prints the UTC date, which for about a third of these releases is the day
--     before (a release of Monday morning counts under Sunday). Such days are left out here, unless the build used the
--     index of publication times; releases_by_weekday has both.
-- example: select nz_date, title, url from releases where weekday_name = 'Sunday' and date_basis <> 'utc_day'
select
    isodow(releases.nz_date) as weekday,
    dayname(releases.nz_date) as weekday_name,
    count(*) as release_count,
    round(100 * count(*) / sum(count(*)) over (), 4) as percent,
    min(year(releases.nz_date)) as first_year,
    max(year(releases.nz_date)) as last_year,
    max(releases.release_id, 3) as latest_releases
from main.releases
where
    releases.nz_date is not null
    and releases.date_basis not in ('utc_day', 'stated', 'disputed') -- few are stated, of days when most are uncertain
group by 1, 2
order by 1
