-- description: Every day of the calendar years that the archive covers, and the unknown date.
-- grain: date_id
-- column date_id: yyyymmdd; 0 is the unknown date.
-- column calendar_date: NULL for the unknown date, as are all columns down to season.
-- column year: Calendar year.
-- column quarter: 1 to 4.
-- column month: 1 to 12.
-- column month_name: In English.
-- column month_start_date: First day of the month, for time axes.
-- column day_of_month: 1 to 31.
-- column iso_year: Year of the ISO week.
-- column iso_week: 1 to 53.
-- column weekday: 1 (Monday) to 7 (Sunday).
-- column weekday_name: In English.
-- column fiscal_year: Year ended 30 June: 2014-07-01 is in 2015.
-- column season: Season in New Zealand: summer (December to February), autumn, winter or spring; NULL for the unknown
--     date.
-- column is_weekend: Saturday or Sunday; false for the unknown date, as are all columns that begin with is_.
-- column is_public_holiday: A national public holiday, on the day it is observed or falls.
-- column public_holiday_name: NULL on other days.
-- column government_id: In office on the day.
-- column prime_minister_id: In office on the day; `not-stated` where unknown.
-- column parliament: Number of the Parliament elected by the last general election up to that day; NULL if unknown.
-- column month_of_term: Month of the parliamentary term, where month 1 begins on the day of the general election; NULL
--     if unknown.
-- column is_election_day: A general election.
-- column is_pre_election: In the three months before a general election, the day itself left out.
-- column is_budget_day: The Budget was presented.
create table core.dim_date (
    date_id integer primary key,
    calendar_date date unique,
    year integer,
    quarter integer,
    month integer,
    month_name varchar,
    month_start_date date,
    day_of_month integer,
    iso_year integer,
    iso_week integer,
    weekday integer,
    weekday_name varchar,
    fiscal_year integer,
    season varchar,
    is_weekend boolean not null,
    is_public_holiday boolean not null,
    public_holiday_name varchar,
    government_id varchar not null references core.dim_government (government_id),
    prime_minister_id varchar not null references core.dim_minister (minister_id),
    parliament integer,
    month_of_term integer,
    is_election_day boolean not null,
    is_pre_election boolean not null,
    is_budget_day boolean not null,
    check ((date_id = 0) = (calendar_date is null))
);
