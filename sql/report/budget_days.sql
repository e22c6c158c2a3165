-- title: Budget days
-- description: Releases on each Budget day, compared with the average of the same weekday in the same calendar year.
--     Budget days of which the archive has none or under half of the releases that other Budget days lead one to expect
--     are left out (see coverage_by_month).
-- warning: From October 2017 days are UTC days, unless the build used the index of publication times. A Budget is
--     presented in the afternoon, when both days are the same, but releases of that morning count under the day
--     before.
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
inner join main.coverage_by_month as coverage on budgets.month_start_date = coverage.month_start_date
where
    budgets.is_budget_day
    and not budgets.is_gap
    and coalesce(2 * coverage.budget_release_count >= coverage.expected_budget_count, true)
group by budgets.calendar_date, budgets.release_count
order by budgets.calendar_date
