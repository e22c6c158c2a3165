-- description: A day: who governed, what kind of day it was, and the days with releases before and after it. Nothing is
--     known of a day outside the calendar of the build.
with given as (
    select $day::date as day
),

known as (
    select
        max(nz_date) filter (where nz_date < $day::date) as previous_date,
        min(nz_date) filter (where nz_date > $day::date) as next_date,
        min(nz_date) as first_date,
        max(nz_date) as last_date
    from core.fact_release
)

select
    given.day,
    dim_date.calendar_date is not null as is_in_calendar,
    dayname(given.day) as weekday_name,
    dim_date.public_holiday_name,
    coalesce(dim_date.is_public_holiday, false) as is_public_holiday,
    coalesce(dim_date.is_election_day, false) as is_election_day,
    coalesce(dim_date.is_budget_day, false) as is_budget_day,
    coalesce(dim_date.is_pre_election, false) as is_pre_election,
    dim_date.parliament,
    dim_date.month_of_term,
    (
        select max(election.calendar_date)
        from core.dim_date as election
        where election.is_election_day and election.calendar_date <= $day::date
    ) as last_election_date,
    dim_government.government_id,
    dim_government.government_name,
    prime_minister.minister_id as prime_minister_id,
    prime_minister.minister_name as prime_minister_name,
    known.previous_date,
    known.next_date,
    known.first_date,
    known.last_date
from given
cross join known
left join core.dim_date
    on given.day = dim_date.calendar_date
left join core.dim_government
    on
        given.day >= dim_government.start_date
        and given.day <= coalesce(dim_government.end_date, 'infinity'::date)
left join core.dim_minister as prime_minister
    on dim_date.prime_minister_id = prime_minister.minister_id and prime_minister.is_person
