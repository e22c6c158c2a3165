-- title: Joint statements
-- description: Share of each year's statements that credit two ministers or more. A statement is a text of one year:
--     before 2009 a joint statement has one copy per minister, which count once, with the ministers of all copies. Pale
--     years are incomplete, as above.
-- warning: Copies whose text was changed are not recognised, so the share before 2009 is a lower limit.
-- example: select first_date, title, ministers from twins where ministers like '%;%' order by first_date
with years as (
    select
        releases_by_day.year,
        count(distinct releases_by_day.month) = 12
        and max(releases_by_day.calendar_date) >= make_date(releases_by_day.year, 12, 15) as is_whole_year
    from main.releases_by_day
    where not releases_by_day.is_gap
    group by releases_by_day.year
),

statements as (
    select
        release_ministers.year,
        release_ministers.twin_group_id,
        max(release_ministers.release_id) as release_id,
        count(distinct release_ministers.minister_id) filter (where release_ministers.is_person) > 1 as is_joint
    from main.release_ministers
    group by release_ministers.year, release_ministers.twin_group_id
)

select
    statements.year,
    years.is_whole_year,
    count(*) as statement_count,
    count(*) filter (where statements.is_joint) as joint_statement_count,
    round(100 * count(*) filter (where statements.is_joint) / count(*), 4) as percent,
    max(statements.release_id, 3) filter (where statements.is_joint) as latest_releases
from statements
inner join years on statements.year = years.year
group by statements.year, years.is_whole_year
order by statements.year
