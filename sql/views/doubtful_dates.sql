-- description: Releases whose day is not what it seems: the text opens with a date more than three days off, or no
--     day is printed.
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
        else 'the text opens with ' || strftime(fact_release.opening_date, '%-d %B %Y')
    end as reason,
    fact_release.source_path
from core.fact_release
where fact_release.is_date_doubtful or fact_release.published_date is null
order by fact_release.source_path;
