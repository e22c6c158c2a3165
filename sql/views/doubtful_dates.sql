-- description: Releases whose day may not be what it seems: the text opens with a date more than three days off, no day
--     is printed, or the same text stands under a day four weeks or more away (at times a wrong month or year, at times
--     a text that was used again).
-- grain: release_id
-- column release_id: Joins to releases.
-- column title: As printed.
-- column published_date: As printed; NULL where none is.
-- column opening_date: The date line that the body begins with; NULL where it has none.
-- column nz_date: The best known New Zealand day; NULL where nothing is known.
-- column date_basis: What nz_date rests on.
-- column reason: In words.
-- column source_path: Path in the archive.
create or replace view main.doubtful_dates as
with spread as (
    select
        twin_group_id,
        min(nz_date) as first_date,
        max(nz_date) as last_date
    from core.fact_release
    where twin_count > 1
    group by twin_group_id
    having last_date - first_date >= 28
)

select
    fact_release.release_id,
    fact_release.title,
    fact_release.published_date,
    fact_release.opening_date,
    fact_release.nz_date,
    fact_release.date_basis,
    case
        when fact_release.date_basis = 'recovered' then 'no day is printed: recovered from evidence'
        when fact_release.published_date is null then 'no day is printed'
        when fact_release.is_date_doubtful
            then 'the text opens with ' || strftime(fact_release.opening_date, '%-d %B %Y')
        when fact_release.nz_date = spread.first_date
            then 'the same text stands under ' || strftime(spread.last_date, '%-d %B %Y')
        else 'the same text stands under ' || strftime(spread.first_date, '%-d %B %Y')
    end as reason,
    fact_release.source_path
from core.fact_release
left join spread using (twin_group_id)
where
    fact_release.is_date_doubtful
    or fact_release.published_date is null
    or spread.twin_group_id is not null
order by fact_release.source_path;
