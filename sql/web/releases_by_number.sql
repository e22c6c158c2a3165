-- description: Releases by their numbers in the search index.
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
where list_contains($numbers, search_number)
