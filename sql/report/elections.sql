-- title: Around elections
-- description: Releases per day in the three months before each general election, in the same three months one year
--     earlier, and in the three months from election day. A period is shown only if the archive has releases in each
--     of its months.
with elections as (
    select releases_by_day.calendar_date as election_date
    from main.releases_by_day
    where releases_by_day.is_election_day
),

span as (
    select
        min(releases_by_day.calendar_date) as first_date,
        max(releases_by_day.calendar_date) as last_date
    from main.releases_by_day
),

windows as (
    select
        elections.election_date,
        windows.window_name,
        windows.position,
        (elections.election_date + windows.opens)::date as opens_date,
        (elections.election_date + windows.closes)::date as closes_date
    from elections
    cross join (
        values
        ('A year earlier', 1, interval '-15 months', interval '-12 months'),
        ('Three months before', 2, interval '-3 months', interval '0 months'),
        ('Three months after', 3, interval '0 months', interval '3 months')
    ) as windows (window_name, position, opens, closes)
)

select
    windows.election_date,
    windows.window_name,
    windows.opens_date,
    windows.closes_date - 1 as last_date,
    sum(days.release_count)::bigint as release_count,
    round(sum(days.release_count) / count(*), 2) as releases_per_day
from windows
inner join span on windows.opens_date >= span.first_date and windows.closes_date <= span.last_date + 1
inner join main.releases_by_day as days
    on windows.opens_date <= days.calendar_date and windows.closes_date > days.calendar_date
group by windows.election_date, windows.window_name, windows.position, windows.opens_date, windows.closes_date
having not bool_or(days.is_gap)
order by windows.election_date, windows.position
