-- description: A release, for its reading page; no row if there is no such release. It reads tables, because the view
--     releases takes six times as long for one row.
select
    fact_release.release_id,
    fact_release.search_number,
    fact_release.title,
    fact_release.published_date,
    fact_release.nz_date,
    fact_release.earliest_nz_date,
    fact_release.latest_nz_date,
    fact_release.published_at,
    fact_release.date_basis,
    case
        when fact_release.earliest_nz_date = fact_release.latest_nz_date then dayname(fact_release.nz_date)
    end as weekday_name,
    fact_release.government_id,
    dim_government.government_name,
    dim_minister.minister_name as prime_minister_name,
    fact_release.content_type,
    fact_release.minister_names as ministers,
    fact_release.party_names as parties,
    fact_release.portfolio_names as portfolios,
    fact_release.twin_count,
    fact_release.twin_group_id,
    fact_release.statement_id,
    fact_release.word_count,
    fact_release.has_body,
    fact_release.url,
    fact_release.site_url,
    fact_release.source_path,
    fact_release.source_commit,
    fact_release.source_blob,
    fact_release.first_seen_at,
    fact_release.last_changed_at,
    fact_release.stated_date,
    fact_release.stated_words,
    fact_release.is_date_doubtful
from core.fact_release
left join core.dim_government using (government_id)
left join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
left join core.dim_minister
    on dim_date.prime_minister_id = dim_minister.minister_id
where fact_release.release_id = $release_id
