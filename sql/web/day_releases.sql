-- description: The releases of a day, and those of the day before that can be of this day, too.
select
    release_id,
    title,
    nz_date,
    earliest_nz_date,
    latest_nz_date,
    minister_names as ministers,
    portfolio_names as portfolios,
    date_basis,
    is_date_doubtful,
    opening_date,
    is_canonical,
    twin_group_id
from core.fact_release
where $day::date between earliest_nz_date and latest_nz_date
order by nz_date desc, release_id
