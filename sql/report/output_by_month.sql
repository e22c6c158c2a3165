-- title: Output over time
-- description: Releases per month by New Zealand date. Releases are files; texts count the copies of a joint statement
--     once. Undated releases are left out. The first and the last month may be incomplete.
select
    months.month_start_date,
    months.release_count,
    months.distinct_release_count,
    (
        select arg_max(days.government_name, days.calendar_date)
        from main.releases_by_day as days
        where date_trunc('month', days.calendar_date) = months.month_start_date
    ) as government_name
from main.releases_by_month as months
order by months.month_start_date
