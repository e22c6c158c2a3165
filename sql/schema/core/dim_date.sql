-- description: Every day of the calendar years that the archive covers, and one row for the unknown date.
-- grain: date_id
-- column date_id: Date as a number in the form yyyymmdd; 0 is the unknown date.
-- column calendar_date: The day as a date; NULL for the unknown date.
-- column year: Calendar year of the day; NULL for the unknown date.
-- column quarter: Quarter of the calendar year, 1 to 4; NULL for the unknown date.
-- column month: Calendar month as a number, 1 (January) to 12; NULL for the unknown date.
-- column month_name: English name of the calendar month; NULL for the unknown date.
-- column month_start_date: First day of the calendar month, for time axes; NULL for the unknown date.
-- column day_of_month: Day of the calendar month, 1 to 31; NULL for the unknown date.
-- column iso_year: Year that the ISO week belongs to, which around New Year can differ from the calendar year; NULL
--     for the unknown date.
-- column iso_week: Number of the ISO week, 1 to 53; NULL for the unknown date.
-- column weekday: Day of the week as a number, 1 (Monday) to 7 (Sunday); NULL for the unknown date.
-- column weekday_name: English name of the day of the week; NULL for the unknown date.
-- column fiscal_year: Fiscal year ended 30 June, named by the year it ends in: 2014-07-01 is in 2015; NULL for the
--     unknown date.
-- column season: Season in New Zealand: summer (December to February), autumn, winter or spring; NULL for the unknown
--     date.
-- column is_weekend: True on a Saturday or Sunday; false for the unknown date.
-- column is_public_holiday: True on a national public holiday, on the day it is observed or falls on; false for the
--     unknown date.
-- column public_holiday_name: Name of the public holiday; NULL on other days.
-- column government_id: Id of the government in office on the day, such as `fifth-labour`; `unknown` for the unknown
--     date and for days before the earliest government.
-- column prime_minister_id: Id of the prime minister in office on the day, such as `helen-clark`; `not-stated` if
--     unknown.
-- column parliament: Number of the Parliament elected at the last general election up to that day; NULL if unknown.
-- column month_of_term: Month of the parliamentary term, where month 1 begins on the day of the general election; NULL
--     if unknown.
-- column is_election_day: True on the day of a general election; false for the unknown date.
-- column is_pre_election: True in the three months before a general election, without the day itself; false for the
--     unknown date.
-- column is_budget_day: True on the day when the Budget was presented; false for the unknown date.
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
