-- description: Whether each month has as many releases as other months lead one to expect, from the first to the last
--     month of the archive: a month with far fewer can lack a part of its releases. The Budget day is compared with
--     other Budget days.
-- grain: month_start_date
-- rechecked: Two Budget days may fall into one month.
-- warning: An expectation is no proof: a doubtful month can have been quiet. Months around an election are compared
--     with other such months, because ministers then publish about half as much.
-- example: select month_start_date, release_count, expected_count, doubt from coverage_by_month where doubt is not null
-- column month_start_date: First day of the calendar month, for time axes.
-- column release_count: Number of releases, every copy of a text counted; additive.
-- column expected_count: Number of releases to expect: the median of the months up to two years before and after, each
--     relative to what is usual for its calendar month, times what is usual for this calendar month; not additive; NULL
--     in the first and the last month, of which only a part may be covered.
-- column is_around_election: True if ten days of the month or more lie between 30 days before a general election and
--     the start of the next government, or 28 days after the election if the government stays.
-- column silent_workday_count: Number of days from Monday to Friday without a release, public holidays left out; a UTC
--     day can be the day before the New Zealand day; additive.
-- column budget_release_count: Number of releases on the Budget day of the month; NULL if it has none.
-- column expected_budget_count: Number of releases to expect on the Budget day: the median of the six Budget days
--     before it and the six after it; NULL if the month has no Budget day.
-- column doubt: Why the month may lack releases: no release at all, under half of expected_count, or a Budget day under
--     half of expected_budget_count, separated by '; '; NULL if nothing speaks for it.
create or replace view main.coverage_by_month as
with quiet_spans as (
    select
        dim_date.calendar_date - 30 as first_date,
        coalesce(min(dim_government.start_date), dim_date.calendar_date + 28) as last_date
    from core.dim_date
    left join core.dim_government
        on dim_government.start_date between dim_date.calendar_date and dim_date.calendar_date + 120
    where dim_date.is_election_day
    group by dim_date.calendar_date
),

quiet_months as (
    select dim_date.month_start_date
    from core.dim_date
    inner join quiet_spans
        on dim_date.calendar_date between quiet_spans.first_date and quiet_spans.last_date
    group by dim_date.month_start_date
    having count(*) >= 10
),

months as (
    select
        days.month_start_date,
        min(days.year) as year,
        case when quiet_months.month_start_date is null then min(days.month) else 0 end as season,
        sum(days.release_count)::bigint as release_count,
        count(*) filter (
            where days.release_count = 0 and not days.is_weekend and not days.is_public_holiday
        ) as silent_workday_count
    from main.releases_by_day as days
    left join quiet_months
        on days.month_start_date = quiet_months.month_start_date
    group by days.month_start_date, quiet_months.month_start_date
),

shares as (
    select
        season,
        release_count / nullif(median(release_count) over (partition by year), 0) as share
    from months
),

seasons as (
    select
        season,
        median(share) as usual_share
    from shares
    group by season
),

levels as (
    select
        months.month_start_date,
        median(others.release_count / nullif(seasons.usual_share, 0)) as level
    from months
    inner join months as others
        on
            months.month_start_date <> others.month_start_date
            and others.month_start_date between months.month_start_date - interval 2 year
            and months.month_start_date + interval 2 year
    inner join seasons
        on others.season = seasons.season
    group by months.month_start_date
),

budgets as (
    select
        calendar_date,
        month_start_date,
        release_count,
        row_number() over (order by calendar_date) as place
    from main.releases_by_day
    where is_budget_day
),

usual_budgets as (
    select
        budgets.month_start_date,
        budgets.release_count,
        median(others.release_count) as expected_count
    from budgets
    inner join budgets as others
        on budgets.place <> others.place and abs(budgets.place - others.place) <= 6
    group by budgets.month_start_date, budgets.release_count
),

ends as (
    select
        min(month_start_date) as first_month,
        max(month_start_date) as last_month
    from months
),

expected as (
    select
        months.month_start_date,
        months.release_count,
        case
            when months.month_start_date not in (ends.first_month, ends.last_month)
                then round(levels.level * seasons.usual_share)::bigint
        end as expected_count,
        months.season = 0 as is_around_election,
        months.silent_workday_count,
        usual_budgets.release_count as budget_release_count,
        round(usual_budgets.expected_count)::bigint as expected_budget_count
    from months
    cross join ends
    inner join seasons
        on months.season = seasons.season
    left join levels
        on months.month_start_date = levels.month_start_date
    left join usual_budgets
        on months.month_start_date = usual_budgets.month_start_date
)

select
    month_start_date,
    release_count,
    expected_count,
    is_around_election,
    silent_workday_count,
    budget_release_count,
    expected_budget_count,
    nullif(
        concat_ws(
            '; ',
            case
                when release_count = 0 then 'no release at all'
                when release_count < expected_count / 2 then 'under half of the expected number'
            end,
            case
                when budget_release_count < expected_budget_count / 2
                    then 'Budget day under half of other Budget days'
            end
        ),
        ''
    ) as doubt
from expected
order by month_start_date;
