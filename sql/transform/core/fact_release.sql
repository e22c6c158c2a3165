-- description: One row per release of the loaded state, for the ids between the variables `first` and `last`; the
--     counts come from the credits and tags of the release itself.
-- scope: fact
insert into core.fact_release by name
with people as (
    select
        credit.release_id,
        dim_minister.minister_name,
        coalesce(dim_party.party_name, '(unknown)') as party_name,
        min(credit.position) as position
    from work.credit
    inner join work.dated using (release_id)
    inner join core.dim_minister using (minister_id)
    left join core.party_membership
        on
            credit.minister_id = party_membership.minister_id
            and dated.nz_date >= coalesce(party_membership.start_date, '-infinity'::date)
            and dated.nz_date <= coalesce(party_membership.end_date, 'infinity'::date)
    left join core.dim_party
        on party_membership.party_id = dim_party.party_id
    where credit.is_counted and credit.release_id between getvariable('first') and getvariable('last')
    group by credit.release_id, credit.minister_id, dim_minister.minister_name, dim_party.party_name
),

ministers as (
    select
        release_id,
        count(*)::integer as minister_count,
        string_agg(minister_name, '; ' order by position) as minister_names,
        string_agg(distinct party_name, '; ' order by party_name) as party_names
    from people
    group by release_id
),

subjects as (
    select
        tag.release_id,
        dim_portfolio.portfolio_name,
        min(tag.position) as position
    from work.tag
    inner join core.dim_portfolio using (portfolio_id)
    where tag.is_portfolio and tag.release_id between getvariable('first') and getvariable('last')
    group by tag.release_id, tag.portfolio_id, dim_portfolio.portfolio_name
),

portfolios as (
    select
        release_id,
        count(*)::integer as portfolio_count,
        string_agg(portfolio_name, '; ' order by position) as portfolio_names
    from subjects
    group by release_id
)

select
    release.release_id,
    release.content_type,
    release.title,
    coalesce(strftime(dated.published_date, '%Y%m%d')::integer, 0) as published_date_id,
    dated.published_date,
    dated.date_basis,
    dim_date.date_id as nz_date_id,
    dated.nz_date,
    dated.earliest_nz_date,
    dated.latest_nz_date,
    dated.published_at,
    dated.opening_date,
    dated.stated_date,
    dated.stated_words,
    dated.is_date_doubtful,
    dim_date.government_id,
    release.url,
    dated.site_url,
    twin.twin_group_id,
    twin.is_canonical,
    twin.twin_count,
    coalesce(statement.statement_id, twin.twin_group_id) as statement_id,
    release.word_count,
    coalesce(ministers.minister_count, 0) as minister_count,
    coalesce(portfolios.portfolio_count, 0) as portfolio_count,
    ministers.minister_names,
    ministers.party_names,
    portfolios.portfolio_names,
    coalesce(len(release.attachments), 0) as attachment_count,
    release.link_count,
    release.sentence_count,
    release.syllable_count,
    release.reading_word_count,
    case
        when release.reading_word_count >= 30
            then round(
                206.835 - 1.015 * release.reading_word_count / greatest(release.sentence_count, 1)
                - 84.6 * release.syllable_count / release.reading_word_count,
                1
            )
    end as reading_ease,
    release.te_reo_word_count,
    release.te_reo_name_count,
    release.macron_word_count,
    release.maori_macron_count,
    release.maori_plain_count,
    release.maori_umlaut_count,
    release.maori_circumflex_count,
    release.aotearoa_count,
    release.quote_count,
    release.quoted_word_count,
    release.money_amount_count,
    release.has_body,
    dated.search_number,
    release.path as source_path,
    release.blob as source_blob,
    file_history.last_changed_commit as source_commit,
    file_history.first_seen_at,
    file_history.last_changed_at
from work.current_release as release
inner join work.dated
    on release.release_id = dated.release_id
inner join work.twin
    on release.release_id = twin.release_id
left join work.statement
    on twin.twin_group_id = statement.twin_group_id
inner join core.dim_date
    on coalesce(strftime(dated.nz_date, '%Y%m%d')::integer, 0) = dim_date.date_id
left join ministers
    on release.release_id = ministers.release_id
left join portfolios
    on release.release_id = portfolios.release_id
left join work.file_history
    on release.path = file_history.path
where release.release_id between getvariable('first') and getvariable('last')
order by release.release_id;
