-- description: Output around general elections: the four weeks before, the day itself, the four weeks after, and the
--     same weeks a year (364 days) earlier.
-- grain: election_date
-- warning: Elections before which the archive has no release are left out. The four weeks after the last election count
--     as far as the archive goes.
-- example: select count(*), avg(before_ratio) from election_windows
-- metric pre_election_count: sum(before_count): Number of releases in the 28 days before a general election; additive.
-- metric year_earlier_count: sum(year_earlier_before_count): Number of releases in the same 28 days a year earlier;
--     additive.
-- column election_date: Day of the general election.
-- column parliament: Number of the Parliament that the election elected.
-- column before_count: Number of releases in the 28 days before the election; additive.
-- column election_day_count: Number of releases on the day of the election; additive.
-- column after_count: Number of releases in the 28 days after the election; additive.
-- column year_earlier_before_count: Number of releases in the 28 days before the day 364 days earlier than the
--     election; NULL if the archive has none; additive.
-- column year_earlier_after_count: Number of releases in the 28 days after the day 364 days earlier than the election;
--     NULL if the archive has none; additive.
-- column before_ratio: Ratio of before_count to year_earlier_before_count, where less than 1 is a slow-down; NULL if
--     the archive has no release in the weeks of a year earlier; not additive.
create or replace view main.election_windows as
with elections as (
    select
        calendar_date as election_date,
        parliament
    from core.dim_date
    where is_election_day
),

counted as (
    select
        elections.election_date,
        elections.parliament,
        count(*) filter (where days.calendar_date = elections.election_date) as day_count,
        (sum(days.release_count) filter (
            where days.calendar_date >= elections.election_date - 28 and days.calendar_date < elections.election_date
        ))::bigint as before_count,
        (sum(days.release_count) filter (where days.calendar_date = elections.election_date))::bigint
            as election_day_count,
        (sum(days.release_count) filter (
            where days.calendar_date > elections.election_date and days.calendar_date <= elections.election_date + 28
        ))::bigint as after_count,
        (sum(days.release_count) filter (
            where
            days.calendar_date >= elections.election_date - 392 and days.calendar_date < elections.election_date - 364
        ))::bigint as year_earlier_before_count,
        (sum(days.release_count) filter (
            where
            days.calendar_date > elections.election_date - 364 and days.calendar_date <= elections.election_date - 336
        ))::bigint as year_earlier_after_count
    from elections
    inner join main.releases_by_day as days
        on
            days.calendar_date >= elections.election_date - 392
            and days.calendar_date <= elections.election_date + 28
    group by elections.election_date, elections.parliament
)

select
    election_date,
    parliament,
    before_count,
    election_day_count,
    coalesce(after_count, 0) as after_count,
    nullif(year_earlier_before_count, 0) as year_earlier_before_count,
    nullif(year_earlier_after_count, 0) as year_earlier_after_count,
    before_count / nullif(year_earlier_before_count, 0) as before_ratio
from counted
where day_count = 1 and before_count > 0
order by election_date;
