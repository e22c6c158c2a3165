-- description: Every release with its dates, government, people, portfolios, counts and addresses: start here.
-- grain: release_id
-- files: by year of release_id
-- warning: published_date is the date as printed: from October 2017 it is the UTC date, for about a third of the
--     releases the day before the New Zealand date. nz_date is the best known New Zealand date; where date_basis is
--     utc_day, the release can be of the next day, too, and where it is disputed, of the day that its text states
--     (earliest_nz_date and latest_nz_date). Before 2009 a joint statement was published once per minister, often
--     reworked: count distinct statement_id to count each statement once, or add `where is_canonical` to count each
--     text once.
-- example: select title, ministers from releases where published_date = '2003-06-17'
-- metric release_count: count(release_id): Number of releases, every copy of a text counted; additive.
-- metric canonical_release_count: count(case when is_canonical then release_id end): Number of different texts: copies
--     of a joint statement count once; additive.
-- metric published_word_count: sum(word_count): Number of words in the texts; additive.
-- metric joint_share: avg(case when minister_count > 1 then 1.0 else 0.0 end): Share of the releases that credit two
--     people or more, 0 to 1; not additive.
-- metric median_word_count: percentile_cont(0.5) within group (order by word_count): Median number of words per
--     release; not additive.
-- column release_id: Id of the release: its file name without extension, such as
--     `2003-06-17-nz-becomes-100th-member-iom`; for content types other than releases, prefixed with their folder.
-- column title: Title of the release, as printed; empty for two releases of the archive.
-- column published_date: Date printed in the front matter; NULL if none is printed.
-- column nz_date: Best known New Zealand date of the release, which can be a day early where date_basis is utc_day;
--     NULL if no date is known.
-- column earliest_nz_date: First New Zealand day that the release can be of; equal to latest_nz_date if the day is
--     certain; NULL if no date is known.
-- column latest_nz_date: Last New Zealand day that the release can be of: the day after earliest_nz_date where
--     date_basis is utc_day, a later day that the text states where it is disputed, otherwise the same day; NULL if no
--     date is known.
-- column published_at: Time of publication from the index of publication times, UTC; NULL if no index is used or it
--     lacks the release.
-- column date_basis: What nz_date is based on: local (the printed New Zealand date), utc_day (the printed UTC date),
--     stated (the New Zealand day that the text or an attached file states), disputed (the printed date, where the text
--     states another day: see doubtful_dates), exact (the index of publication times), recovered (evidence in a seed)
--     or unknown.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column month_start_date: First day of the calendar month of nz_date, for time axes; NULL if no date is known.
-- column weekday_name: English name of the day of the week of nz_date; NULL if no date is known, or if the New Zealand
--     day is one of two days (date_basis is utc_day or disputed).
-- column fiscal_year: Fiscal year ended 30 June, named by the year it ends in: 2014-07-01 is in 2015; NULL if no date
--     is known.
-- column season: Season in New Zealand on nz_date: summer (December to February), autumn, winter or spring; NULL if no
--     date is known.
-- column government_id: Id of the government in office on nz_date, such as `fifth-labour`; `unknown` for undated
--     releases.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column prime_minister_name: Name of the prime minister in office on nz_date; (not stated) for undated releases.
-- column parliament: Number of the Parliament elected at the last general election up to nz_date; NULL if no date is
--     known.
-- column month_of_term: Month of the parliamentary term, where month 1 begins on the day of the general election; NULL
--     if no date is known.
-- column content_type: Folder under the archive's root, such as `releases`.
-- column ministers: People credited with the release, in printed order, separated by '; ', without people who were out
--     of government; NULL if nobody is credited.
-- column parties: Parties of the people credited, on the day of the release, each once, in alphabetical order,
--     separated by '; '; `(unknown)` for a party that is not known; NULL if nobody is credited.
-- column inferred_ministers: People in office whom the text names, in order, if the release credits nobody who was in
--     office; a suggestion, separated by '; '; NULL for all other releases.
-- column portfolios: Portfolios tagged, in printed order, separated by '; '; NULL if none is tagged.
-- column minister_count: Number of people credited, each counted once, without people who were out of government; the
--     sum over releases counts credits, not people.
-- column portfolio_count: Number of portfolios tagged, each counted once; the sum over releases counts tags, not
--     portfolios.
-- column attachment_count: Number of files attached; additive.
-- column link_count: Number of markdown links in the body, without images; additive.
-- column twin_count: Number of releases with the same text, this one included.
-- column twin_group_id: Id of the representative release among all with the same text; a release without twins has its
--     own id. Count it distinct to count joint statements once.
-- column statement_id: Id of the statement: the id of the earliest release among those with the same text or with a
--     reworked text of the same announcement. Count it distinct to count each statement once.
-- column is_canonical: True for the representative release of each group with the same text.
-- column word_count: Number of words in the cleaned text (runs of letters, digits and underscores); additive.
-- column quoted_word_count: Number of words in quotations of five words or more, estimated where a quotation is not
--     closed; additive.
-- column te_reo_word_count: Number of words of te reo Māori, recognised by their letters, names included; additive.
-- column money_amount_count: Number of amounts of money printed in the text; additive.
-- column has_body: False if the site kept no text for the release.
-- column url: Address of the release in the front matter, as printed; a few addresses are on two releases each.
-- column site_url: Address of the release on the site, with macrons and quotes, from the index of publication times;
--     NULL if the index lacks the release.
-- column source_path: Path of the file in the archive.
-- column source_commit: Git's hash of the commit that last changed the file; NULL if the source keeps no history.
-- column first_seen_at: Time when the archive first held the file, UTC; NULL if the source keeps no history.
-- column last_changed_at: Time when the archive last changed the file, UTC; NULL if the source keeps no history.
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
    fact_release.earliest_nz_date,
    fact_release.latest_nz_date,
    fact_release.published_at,
    fact_release.date_basis,
    dim_date.year,
    dim_date.month_start_date,
    case
        when fact_release.earliest_nz_date = fact_release.latest_nz_date then dim_date.weekday_name
    end as weekday_name,
    dim_date.fiscal_year,
    dim_date.season,
    fact_release.government_id,
    dim_government.government_name,
    prime_minister.minister_name as prime_minister_name,
    dim_date.parliament,
    dim_date.month_of_term,
    fact_release.content_type,
    fact_release.minister_names as ministers,
    fact_release.party_names as parties,
    inferred.inferred_ministers,
    fact_release.portfolio_names as portfolios,
    fact_release.minister_count,
    fact_release.portfolio_count,
    fact_release.attachment_count,
    fact_release.link_count,
    fact_release.twin_count,
    fact_release.twin_group_id,
    fact_release.statement_id,
    fact_release.is_canonical,
    fact_release.word_count,
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
