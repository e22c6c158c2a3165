-- description: The releases of `found` that have all words, those published, found or edited last first.
with first_state as (
    select min(first_seen_at) as first_seen_at
    from core.fact_release
),

edits as (
    select
        newer.source_path,
        newer.valid_from_at as edited_at,
        newer.previous_path,
        newer.is_title_changed,
        newer.is_date_changed,
        newer.is_ministers_changed,
        newer.is_portfolios_changed,
        newer.is_body_changed,
        newer.word_added_count,
        newer.word_removed_count,
        older.title as earlier_title
    from core.release_revision as newer
    left join core.release_revision as older
        on newer.source_path = older.source_path and newer.revision_number = older.revision_number + 1
    where
        newer.is_current
        and (
            newer.is_title_changed or newer.is_date_changed or newer.is_ministers_changed
            or newer.is_portfolios_changed or newer.is_body_changed
        )
)

select
    fact_release.release_id,
    fact_release.search_number,
    fact_release.title,
    fact_release.nz_date,
    fact_release.published_at,
    fact_release.first_seen_at,
    fact_release.minister_names as ministers,
    fact_release.portfolio_names as portfolios,
    coalesce(fact_release.site_url, fact_release.url) as url,
    edits.* exclude (source_path)
from found
inner join core.fact_release using (search_number)
cross join first_state
left join edits using (source_path)
where found.missing_words is null
order by
    greatest(
        coalesce(fact_release.published_at, fact_release.nz_date::timestamp),
        -- The first state of an archive holds many years, so when it was seen says nothing.
        case when fact_release.first_seen_at > first_state.first_seen_at then fact_release.first_seen_at end,
        edits.edited_at
    ) desc nulls last,
    fact_release.release_id desc
limit $most
