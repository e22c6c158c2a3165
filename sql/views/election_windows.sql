-- description: Output around general elections: the four weeks before, the day, the four weeks behind it, and the same
--     weeks a year (52 weeks) earlier.
-- grain: election_date
-- warning: Elections before which the archive has no release are left out. Where it has none in the weeks of a year
--     earlier, those columns are NULL; the weeks behind the last one count as far as the archive goes.
-- example: select count(*), avg(before_ratio) from election_windows
-- metric pre_election_count: sum(before_count): Releases of the 28 days before a general election; additive.
-- metric year_earlier_count: sum(year_earlier_before_count): Releases of the same 28 days a year earlier; additive.
-- column election_date: The day of the election.
-- column parliament: Number of the Parliament it elected.
-- column before_count: Releases of the 28 days before; additive.
-- column election_day_count: Releases of the day; additive.
-- column behind_count: Releases of the 28 days behind it; additive.
-- column year_earlier_before_count: As before_count, 364 days earlier.
-- column year_earlier_behind_count: As behind_count, 364 days earlier.
-- column before_ratio: before_count against that of a year earlier: below 1 is a slow-down; not additive.
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
        ))::bigint as behind_count,
        (sum(days.release_count) filter (
            where
            days.calendar_date >= elections.election_date - 392 and days.calendar_date < elections.election_date - 364
        ))::bigint as year_earlier_before_count,
        (sum(days.release_count) filter (
            where
            days.calendar_date > elections.election_date - 364 and days.calendar_date <= elections.election_date - 336
        ))::bigint as year_earlier_behind_count
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
    coalesce(behind_count, 0) as behind_count,
    nullif(year_earlier_before_count, 0) as year_earlier_before_count,
    nullif(year_earlier_behind_count, 0) as year_earlier_behind_count,
    before_count / nullif(year_earlier_before_count, 0) as before_ratio
from counted
where day_count = 1 and before_count > 0
order by election_date;
