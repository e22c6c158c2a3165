-- description: The season of the year: releases per month of the calendar over all years, against an even spread.
-- grain: month
-- example: select month_name, season_index from releases_by_season order by month
-- column month: 1 to 12.
-- column month_name: In English.
-- column day_count: Days from the first release of the archive to the last, without the months of which it has none;
--     additive.
-- column release_count: Files, twins counted apart; additive.
-- column releases_per_day: release_count by day_count; not additive.
-- column season_index: releases_per_day against that of all months: 1 is average, 0.5 half of it; not additive.
create or replace view main.releases_by_season as
with months as (
    select
        month(calendar_date)::integer as month,
        count(*) as day_count,
        sum(release_count)::bigint as release_count
    from main.releases_by_day
    where not is_gap
    group by month(calendar_date)
)

select
    month,
    monthname(make_date(2000, month, 1)) as month_name,
    day_count,
    release_count,
    release_count / day_count as releases_per_day,
    (release_count / day_count) / (sum(release_count) over () / sum(day_count) over ()) as season_index
from months
order by month;
