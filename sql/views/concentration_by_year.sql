-- description: How many voices a year has, and how much of it the loudest five are. A joint release is shared equally.
-- grain: year
-- example: select year, minister_count, top5_share from concentration_by_year
-- column year: Calendar year of nz_date.
-- column minister_count: Different people credited; not additive.
-- column portfolio_count: Different portfolios tagged; not additive.
-- column top5_share: Part of what names somebody that the five people with most have, 0 to 1; not additive.
-- column top5_ministers: Those five, the first with most, separated by '; '.
-- column top5_portfolio_share: Part of what is tagged that the five portfolios with most have, 0 to 1; not additive.
create or replace view main.concentration_by_year as
with ministers as (
    select
        year,
        minister_name,
        release_share,
        row_number() over (partition by year order by release_share desc, minister_id asc) as place
    from main.minister_activity
),

portfolios as (
    select
        year,
        release_share,
        row_number() over (partition by year order by release_share desc, portfolio_id asc) as place
    from main.portfolio_activity
),

voices as (
    select
        year,
        count(*) as minister_count,
        round(sum(release_share) filter (where place <= 5) / sum(release_share), 6) as top5_share,
        string_agg(minister_name, '; ' order by place) filter (where place <= 5) as top5_ministers
    from ministers
    group by year
),

subjects as (
    select
        year,
        count(*) as portfolio_count,
        round(sum(release_share) filter (where place <= 5) / sum(release_share), 6) as top5_portfolio_share
    from portfolios
    group by year
)

select
    voices.year,
    voices.minister_count,
    coalesce(subjects.portfolio_count, 0) as portfolio_count,
    voices.top5_share,
    voices.top5_ministers,
    subjects.top5_portfolio_share
from voices
left join subjects using (year)
order by voices.year;
