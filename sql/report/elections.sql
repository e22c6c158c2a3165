-- title: Around elections
-- description: Releases in the four weeks (28 days) before each general election, in the same weeks a year (364 days)
--     earlier, and in the four weeks after election day. A period is shown only if the archive has releases in each of
--     its months.
-- example: select election_date, before_count, year_earlier_before_count, after_count from election_windows
with periods as (
    select
        elections.calendar_date as election_date,
        windows.window_name,
        windows.position,
        elections.calendar_date + windows.first_day as first_date,
        elections.calendar_date + windows.last_day as last_date
    from main.releases_by_day as elections
    cross join (
        values
        ('A year earlier', 1, -392, -365), ('Four weeks before', 2, -28, -1), ('Four weeks after', 3, 1, 28)
    ) as windows (window_name, position, first_day, last_day)
    where elections.is_election_day
)

select
    periods.election_date,
    periods.window_name,
    periods.first_date,
    periods.last_date,
    sum(days.release_count)::bigint as release_count,
    (
        select max(releases.release_id, 3) from main.releases
        where releases.nz_date between periods.first_date and periods.last_date
    ) as latest_releases
from periods
inner join main.releases_by_day as days on days.calendar_date between periods.first_date and periods.last_date
group by periods.election_date, periods.window_name, periods.position, periods.first_date, periods.last_date
having count(*) = 28 and not bool_or(days.is_gap)
order by periods.election_date, periods.position
