-- title: Joint statements
-- description: Share of each year's statements that credit two ministers or more. A statement is a text: before 2009 a
--     joint statement has one copy per minister, often reworked, which count once, with the ministers of all copies.
--     Pale years are incomplete, as above.
-- example: select nz_date, title, url, statement_ministers from statements where statement_minister_count > 1
with years as (
    select
        releases_by_day.year,
        count(distinct releases_by_day.month) = 12
        and max(releases_by_day.calendar_date) >= make_date(releases_by_day.year, 12, 15) as is_whole_year
    from main.releases_by_day
    where not releases_by_day.is_gap
    group by releases_by_day.year
)

select
    statements.year,
    years.is_whole_year,
    count(*) as statement_count,
    count(*) filter (where statements.statement_minister_count > 1) as joint_statement_count,
    round(100 * count(*) filter (where statements.statement_minister_count > 1) / count(*), 4) as percent,
    max(statements.release_id, 3) filter (where statements.statement_minister_count > 1) as latest_releases
from main.statements
inner join years on statements.year = years.year
group by statements.year, years.is_whole_year
order by statements.year
