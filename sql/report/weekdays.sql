-- title: Weekdays
-- description: Share of releases on each weekday, separately for New Zealand dates and for dates known only in UTC.
-- warning: From October 2017 the archive prints the UTC date, which for about a third of these releases is the day
--     before (a release of Monday morning counts under Sunday). Compare weekdays across that change only in a build
--     with the index of publication times.
with days as (
    select
        releases.date_basis <> 'utc_day' as is_nz_day,
        isodow(releases.nz_date) as weekday,
        dayname(releases.nz_date) as weekday_name,
        year(releases.nz_date) as year
    from main.releases
    where releases.nz_date is not null and releases.date_basis <> 'stated' -- few, of days when most are uncertain
),

spans as (
    select
        days.is_nz_day,
        count(*) as total_count,
        min(days.year) || ' to ' || max(days.year) as years
    from days
    group by days.is_nz_day
)

select
    days.is_nz_day,
    spans.years,
    days.weekday,
    days.weekday_name,
    count(*) as release_count,
    round(100 * count(*) / any_value(spans.total_count), 2) as percent
from days
inner join spans using (is_nz_day)
group by days.is_nz_day, spans.years, days.weekday, days.weekday_name
order by days.is_nz_day desc, days.weekday
