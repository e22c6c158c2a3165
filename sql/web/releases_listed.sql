-- description: What lists of releases show of each, by the number of the release.
select
    search_number,
    release_id,
    title,
    nz_date,
    date_basis,
    minister_names as ministers,
    portfolio_names as portfolios,
    twin_count,
    url,
    last_changed_at
from core.fact_release
order by search_number
