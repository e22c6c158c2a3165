-- description: Every release, readable on its own: start here.
-- grain: release_id
-- warning: published_date is the date as printed; from October 2017 on that is the UTC day, for about a third of
--     the releases the day before the New Zealand one. nz_date is the best known day and date_basis says what it
--     rests on. To count a joint statement once that stands once per minister, add `where is_canonical`.
-- example: select title, ministers from releases where published_date = '2003-06-17'
-- metric release_count: count(release_id): Files of the archive, twins counted apart; additive.
-- metric canonical_release_count: count(case when is_canonical then release_id end): Releases, each text once: of a
--     joint statement that stands once per minister, the one that stands for all; additive.
-- metric published_word_count: sum(word_count): Words of the bodies; additive.
-- metric joint_share: avg(case when minister_count > 1 then 1.0 else 0.0 end): Part of the releases that credits two
--     people or more, 0 to 1; not additive.
-- metric median_word_count: percentile_cont(0.5) within group (order by word_count): Median length in words; not
--     additive.
-- metric median_ease: percentile_cont(0.5) within group (order by reading_ease): Median of Flesch, the higher the
--     easier; not additive.
-- column release_id: Path stem, such as `2003-06-17-nz-becomes-100th-member-iom`.
-- column title: As printed; empty for two releases of the archive.
-- column published_date: As printed; NULL where undated.
-- column nz_date: The best known New Zealand day; NULL where nothing is known.
-- column published_at: Time of publication, UTC; NULL unless the build used the index of publication times.
-- column date_basis: What nz_date rests on: local, utc_day, exact, recovered or unknown.
-- column year: Calendar year of nz_date; NULL where undated.
-- column month_start_date: First day of the month; NULL where undated.
-- column weekday_name: Of nz_date, in English; NULL where undated.
-- column fiscal_year: Year ended 30 June; NULL where undated.
-- column season: Summer (December to February), autumn, winter or spring; NULL where undated.
-- column government_name: In office on nz_date; Unknown where undated.
-- column prime_minister_name: In office on nz_date; (not stated) where undated.
-- column parliament: Number of the Parliament last elected; NULL where undated.
-- column month_of_term: Month since the last general election, 1 to begin with; NULL where undated.
-- column content_type: Folder under the archive's root.
-- column ministers: People credited, in printed order, without those out of government then, separated by '; ';
--     NULL where nobody is.
-- column inferred_ministers: Where nobody is credited, the people in office whom the text names, in order; never mixed
--     with printed credits. NULL elsewhere.
-- column portfolios: Portfolios tagged, in printed order, separated by '; '; NULL where none is.
-- column minister_count: People credited, each once.
-- column portfolio_count: Portfolios tagged, each once.
-- column attachment_count: Files attached.
-- column link_count: Markdown links in the body.
-- column twin_count: Releases with this text, this one included.
-- column twin_group_id: The same for releases of the same text.
-- column is_canonical: True for the one of them that stands for all.
-- column word_count: Words of the body.
-- column reading_ease: Flesch, the higher the easier; NULL under 30 words.
-- column quoted_word_count: Words in quotes of five words or more; see release_measures for more measures.
-- column te_reo_word_count: Words of te reo Māori, names included.
-- column money_amount_count: Amounts of money printed; see money_amounts.
-- column has_body: False where the site kept no text.
-- column url: As printed; may stand on two releases.
-- column site_url: The address on the site by that index; NULL where it is not known.
-- column source_path: Path in the archive.
-- column source_commit: Commit that last changed the file; NULL where the source keeps no history.
-- column first_seen_at: When the archive first held the file, UTC; NULL where the source keeps no history.
-- column last_changed_at: When the archive last changed the file, UTC; NULL where the source keeps no history.
create or replace view main.releases as
with inferred as (
    select
        inferred_minister.release_id,
        string_agg(dim_minister.minister_name, '; ' order by inferred_minister.position) as inferred_ministers
    from core.inferred_minister
    inner join core.dim_minister using (minister_id)
    group by inferred_minister.release_id
)

select
    fact_release.release_id,
    fact_release.title,
    fact_release.published_date,
    fact_release.nz_date,
    fact_release.published_at,
    fact_release.date_basis,
    dim_date.year,
    dim_date.month_start_date,
    dim_date.weekday_name,
    dim_date.fiscal_year,
    dim_date.season,
    dim_government.government_name,
    prime_minister.minister_name as prime_minister_name,
    dim_date.parliament,
    dim_date.month_of_term,
    fact_release.content_type,
    fact_release.minister_names as ministers,
    inferred.inferred_ministers,
    fact_release.portfolio_names as portfolios,
    fact_release.minister_count,
    fact_release.portfolio_count,
    fact_release.attachment_count,
    fact_release.link_count,
    fact_release.twin_count,
    fact_release.twin_group_id,
    fact_release.is_canonical,
    fact_release.word_count,
    fact_release.reading_ease,
    fact_release.quoted_word_count,
    fact_release.te_reo_word_count,
    fact_release.money_amount_count,
    fact_release.has_body,
    fact_release.url,
    fact_release.site_url,
    fact_release.source_path,
    fact_release.source_commit,
    fact_release.first_seen_at,
    fact_release.last_changed_at
from core.fact_release
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
inner join core.dim_minister as prime_minister
    on dim_date.prime_minister_id = prime_minister.minister_id
left join inferred
    on fact_release.release_id = inferred.release_id;
