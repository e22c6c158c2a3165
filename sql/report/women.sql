-- title: Women
-- description: Share of each year's releases that fall to women, a joint release shared equally between its ministers.
--     Pale years are incomplete, as above.
-- example: select nz_date, title, minister_name from release_ministers where gender = 'female' order by nz_date
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
    voices.year,
    years.is_whole_year,
    count(distinct voices.minister_id) as minister_count,
    count(distinct voices.minister_id) filter (where voices.gender = 'female') as woman_count,
    round(
        100 * coalesce(sum(voices.minister_share) filter (where voices.gender = 'female'), 0)
        / sum(voices.minister_share), 4
    ) as percent,
    max(voices.release_id, 3) filter (where voices.gender = 'female') as latest_releases
from main.release_ministers as voices
inner join years on voices.year = years.year
where voices.gender in ('female', 'male')
group by voices.year, years.is_whole_year
order by voices.year
