-- description: The months that may lack releases, and why.
select
    month_start_date,
    release_count,
    expected_count,
    doubt
from main.coverage_by_month
where doubt is not null
