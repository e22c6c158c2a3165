-- title: Budget days
-- description: Releases on each Budget day, compared with the average of the same weekday in the same calendar year.
--     Budget days in a month without any release in the archive are left out.
-- warning: From October 2017 days are UTC days, unless the build used the index of publication times. A Budget is
--     presented in the afternoon, when both days are the same, but releases of that morning count under the day
--     before.
with budgets as (
    select
        days.calendar_date as budget_date,
        days.weekday,
        days.release_count
    from main.releases_by_day as days
    where days.is_budget_day and not days.is_gap
)

select
    budgets.budget_date,
    budgets.release_count,
    round(avg(days.release_count), 2) as usual_count
from budgets
inner join main.releases_by_day as days
    on
        budgets.weekday = days.weekday
        and year(budgets.budget_date) = year(days.calendar_date)
        and budgets.budget_date <> days.calendar_date
group by budgets.budget_date, budgets.release_count
order by budgets.budget_date
