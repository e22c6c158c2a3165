-- description: What is told of each release of `found` in a file; rank counts these releases, best match first.
select
    row_number() over (order by found.rank, fact_release.nz_date desc nulls last, fact_release.release_id desc) as rank,
    fact_release.nz_date,
    fact_release.title,
    fact_release.minister_names as ministers,
    fact_release.portfolio_names as portfolios,
    dim_government.government_name,
    coalesce(fact_release.site_url, fact_release.url) as url,
    fact_release.release_id,
    found.missing_words
from found
inner join core.fact_release using (search_number)
left join core.dim_government using (government_id)
order by
    case when $by_date then found.missing_words is not null end,
    case when $by_date then fact_release.nz_date end desc nulls last,
    rank
