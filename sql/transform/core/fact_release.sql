-- description: One row per release of the loaded state, counts taken from its own lists.
insert into core.fact_release by name
with dated as (
    select
        current_release.* exclude (body),
        if(current_release.is_undated, null, current_release.printed_date) as published_date
    from staging.current_release
),

date_bases as (
    select
        from_date::date as from_date,
        date_basis
    from seeds.date_bases
),

minister_counts as (
    select
        release_id,
        count(distinct minister_id) filter (where is_person) as minister_count
    from work.credit
    group by release_id
),

portfolio_counts as (
    select
        release_id,
        count(distinct portfolio_id) filter (where is_portfolio) as portfolio_count
    from work.tag
    group by release_id
)

select
    dated.release_id,
    dated.content_type,
    dated.title,
    dim_date.date_id as published_date_id,
    dated.published_date,
    coalesce(date_bases.date_basis, 'unknown') as date_basis,
    dim_date.government_id,
    dated.url,
    dated.word_count,
    minister_counts.minister_count,
    portfolio_counts.portfolio_count,
    coalesce(len(dated.attachments), 0) as attachment_count,
    len(dated.links) as link_count,
    dated.has_body,
    dated.path as source_path,
    dated.blob as source_blob,
    file_history.last_changed_commit as source_commit,
    file_history.first_seen_at,
    file_history.last_changed_at
from dated
inner join core.dim_date
    on coalesce(strftime(dated.published_date, '%Y%m%d')::integer, 0) = dim_date.date_id
inner join minister_counts
    on dated.release_id = minister_counts.release_id
inner join portfolio_counts
    on dated.release_id = portfolio_counts.release_id
asof left join date_bases
    on dated.published_date >= date_bases.from_date
left join staging.file_history
    on dated.path = file_history.path
order by published_date_id, dated.release_id;
