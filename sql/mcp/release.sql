-- description: What is known of one release: who, when, how sure, how often, where it comes from.
select
    releases.release_id,
    releases.title,
    releases.nz_date,
    releases.earliest_nz_date,
    releases.latest_nz_date,
    releases.published_date,
    releases.date_basis,
    releases.content_type,
    releases.ministers,
    releases.inferred_ministers,
    releases.parties,
    releases.portfolios,
    releases.government_name,
    releases.prime_minister_name,
    releases.has_body,
    releases.word_count,
    coalesce(releases.site_url, releases.url) as url,
    releases.statement_id,
    releases.is_canonical
from main.releases
where releases.release_id = $release_id
