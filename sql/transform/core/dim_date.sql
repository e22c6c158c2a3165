-- description: All days of the calendar years between the first and the last dated release, and the unknown date.
-- scope: whole
insert into core.dim_date by name
with span as (
    select
        min(year(nz_date)) as first_year,
        max(year(nz_date)) as last_year
    from work.dated
),

days as (
    select
        unnest(generate_series(make_date(first_year, 1, 1), make_date(last_year, 12, 31), interval 1 day))::date
            as calendar_date
    from span
    where first_year is not null
),

elections as (
    select
        election_date::date as election_date,
        parliament_number::integer as parliament
    from seeds.elections
),

pre_election as (
    select distinct days.calendar_date
    from days
    inner join elections
        on
            days.calendar_date >= elections.election_date - interval 3 month
            and days.calendar_date < elections.election_date
),

governments as (
    select
        days.calendar_date,
        dim_government.government_id
    from days
    asof left join core.dim_government
        on days.calendar_date >= dim_government.start_date
    where days.calendar_date <= coalesce(dim_government.end_date, 'infinity'::date)
),

prime_ministers as (
    select
        days.calendar_date,
        min(tenure.minister_id) as prime_minister_id
    from days
    inner join core.tenure
        on
            tenure.portfolio_id = 'prime-minister'
            and tenure.role = 'holder'
            and tenure.confidence <> 'low'
            and days.calendar_date >= tenure.start_date
            and days.calendar_date <= coalesce(tenure.end_date, 'infinity'::date)
    group by days.calendar_date
)

select
    strftime(days.calendar_date, '%Y%m%d')::integer as date_id,
    days.calendar_date,
    year(days.calendar_date) as year,
    quarter(days.calendar_date) as quarter,
    month(days.calendar_date) as month,
    monthname(days.calendar_date) as month_name,
    date_trunc('month', days.calendar_date)::date as month_start_date,
    day(days.calendar_date) as day_of_month,
    isoyear(days.calendar_date) as iso_year,
    week(days.calendar_date) as iso_week,
    isodow(days.calendar_date) as weekday,
    dayname(days.calendar_date) as weekday_name,
    year(days.calendar_date + interval 6 month) as fiscal_year,
    case
        when month(days.calendar_date) in (12, 1, 2) then 'summer'
        when month(days.calendar_date) <= 5 then 'autumn'
        when month(days.calendar_date) <= 8 then 'winter'
        else 'spring'
    end as season,
    isodow(days.calendar_date) >= 6 as is_weekend,
    public_holiday.holiday_name is not null as is_public_holiday,
    public_holiday.holiday_name as public_holiday_name,
    coalesce(governments.government_id, 'unknown') as government_id,
    coalesce(prime_ministers.prime_minister_id, 'not-stated') as prime_minister_id,
    last_election.parliament,
    (datesub('month', last_election.election_date, days.calendar_date) + 1)::integer as month_of_term,
    coalesce(last_election.election_date = days.calendar_date, false) as is_election_day,
    pre_election.calendar_date is not null as is_pre_election,
    budget_days.budget_date is not null as is_budget_day
from days
asof left join elections as last_election
    on days.calendar_date >= last_election.election_date
left join governments
    on days.calendar_date = governments.calendar_date
left join prime_ministers
    on days.calendar_date = prime_ministers.calendar_date
left join pre_election
    on days.calendar_date = pre_election.calendar_date
left join work.public_holiday
    on days.calendar_date = public_holiday.holiday_date
left join seeds.budget_days
    on days.calendar_date = budget_days.budget_date::date

union all by name

select
    0 as date_id,
    false as is_weekend,
    false as is_public_holiday,
    'unknown' as government_id,
    'not-stated' as prime_minister_id,
    false as is_election_day,
    false as is_pre_election,
    false as is_budget_day
order by date_id;
