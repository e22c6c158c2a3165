-- description: How quiet the 31 days around New Year are (20 December to 19 January), compared with the 60 days around
--     them (20 November to 19 December and 20 January to 18 February).
-- grain: summer_start_year
-- warning: A summer is left out if the archive does not cover all 91 days, or has no release in one of the four months.
-- example: select count(*), avg(quiet_ratio) from christmas_quiet where summer_start_year >= 2017
-- column summer_start_year: Calendar year in which the summer begins, which is the year of its December.
-- column release_count: Number of releases in the 31 days around New Year; additive.
-- column silent_day_count: Number of days without any release among the 31 days around New Year; additive.
-- column around_release_count: Number of releases in the 30 days before and the 30 days after the 31 days around New
--     Year; additive.
-- column quiet_ratio: Releases per day in the 31 days around New Year, divided by releases per day in the 60 days
--     around them: 1 means no quiet, 0 means silence; not additive.
create or replace view main.christmas_quiet as
with days as (
    select
        (year(calendar_date) - case when month(calendar_date) <= 2 then 1 else 0 end)::integer as summer_start_year,
        is_gap,
        release_count,
        (month(calendar_date) = 12 and day(calendar_date) >= 20)
        or (month(calendar_date) = 1 and day(calendar_date) <= 19) as is_quiet
    from main.releases_by_day
    where
        (month(calendar_date) = 11 and day(calendar_date) >= 20)
        or month(calendar_date) in (12, 1)
        or (month(calendar_date) = 2 and day(calendar_date) <= 18)
),

summers as (
    select
        summer_start_year,
        count(*) as day_count,
        bool_or(is_gap) as has_gap,
        (sum(release_count) filter (where is_quiet))::bigint as release_count,
        count(*) filter (where is_quiet and release_count = 0) as silent_day_count,
        (sum(release_count) filter (where not is_quiet))::bigint as around_release_count
    from days
    group by summer_start_year
)

select
    summer_start_year,
    release_count,
    silent_day_count,
    around_release_count,
    (release_count / 31) / (around_release_count / 60) as quiet_ratio
from summers
where day_count = 91 and not has_gap
order by summer_start_year;
