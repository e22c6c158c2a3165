-- description: A page of `found`, releases with all words first.
select
    found.search_number,
    found.matched_words,
    found.missing_words,
    found.read_as,
    found.copy_of,
    fact_release.release_id,
    fact_release.title,
    fact_release.nz_date,
    fact_release.date_basis,
    fact_release.minister_names as ministers,
    fact_release.portfolio_names as portfolios,
    fact_release.twin_count,
    fact_release.url,
    fact_release.last_changed_at
from found
inner join core.fact_release using (search_number)
order by
    case when $by_date then found.missing_words is not null end,
    case when $by_date then fact_release.nz_date end desc nulls last,
    found.rank,
    fact_release.release_id
limit $count offset $skipped
