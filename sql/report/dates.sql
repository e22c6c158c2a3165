-- title: Doubtful dates
-- description: Releases whose printed date is contradicted by another source or is missing, by the reason and by what
--     their date is based on.
select
    regexp_replace(doubtful_dates.doubt, ' \d.*$', ' another day') as reason,
    doubtful_dates.date_basis,
    count(*) as release_count,
    min(doubtful_dates.release_id) as example_release_id
from main.doubtful_dates
group by 1, 2
order by release_count desc, reason, doubtful_dates.date_basis
