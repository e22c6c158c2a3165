-- title: Budget days
-- description: Releases on each Budget day, compared with the average of the same weekday in the same calendar year.
--     Budget days in a month without any release in the archive are left out.
-- warning: From October 2017 days are UTC days, unless the build used the index of publication times. A Budget is
--     presented in the afternoon, when both days are the same, but releases of that morning count under the day
--     before. The archive may lack part of a day.
-- example: select nz_date, title, url from releases where nz_date = date '2023-05-18'
select
    budgets.calendar_date as budget_date,
    budgets.release_count,
    round(avg(days.release_count), 4) as usual_count,
    (
        select max(releases.release_id, 3) from main.releases
        where releases.nz_date = budgets.calendar_date
    ) as latest_releases
from main.releases_by_day as budgets
inner join main.releases_by_day as days
    on
        budgets.weekday = days.weekday
        and budgets.year = days.year
        and budgets.calendar_date <> days.calendar_date
where budgets.is_budget_day and not budgets.is_gap
group by budgets.calendar_date, budgets.release_count
order by budgets.calendar_date
