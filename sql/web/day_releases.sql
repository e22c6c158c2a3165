-- description: The releases of a day, and those listed under another day that can be of this day, too.
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
    stated_date,
    stated_words,
    is_canonical,
    twin_group_id
from core.fact_release
where $day::date in (earliest_nz_date, nz_date, latest_nz_date)
order by nz_date desc, release_id
