-- description: Releases per calendar year of nz_date, with the number of people and portfolios and the share of the
--     five largest; undated releases are left out.
-- grain: year
-- column year: Calendar year of nz_date.
-- column release_count: Number of releases, every copy of a text counted; additive.
-- column distinct_release_count: Number of different texts among the releases: copies of a joint statement count once;
--     not additive.
-- column statement_count: Number of statements among the releases: copies and reworked texts of a statement count once;
--     not additive.
-- column joint_release_count: Number of releases that credit two people or more; additive.
-- column joint_share: Share of the releases that credit two people or more, 0 to 1; not additive.
-- column minister_count: Number of different people credited; not additive.
-- column top5_minister_share: Share of the credited releases that the five ministers with most have, 0 to 1, where each
--     joint release is divided equally between its ministers; not additive; NULL if nobody is credited.
-- column top5_ministers: Names of the five ministers with most releases, largest first, where each joint release is
--     divided equally between its ministers, separated by '; '; NULL if nobody is credited.
-- column portfolio_count: Number of different portfolios tagged; not additive.
-- column top5_portfolio_share: Share of the tagged releases that the five portfolios with most have, 0 to 1, where each
--     release is divided equally between its portfolios; not additive; NULL if none is tagged.
-- column total_word_count: Number of words in the texts; additive.
-- column first_date: Earliest nz_date of the year's releases.
-- column last_date: Latest nz_date of the year's releases.
create or replace view main.releases_by_year as
with releases as (
    select
        dim_date.year,
        count(*) as release_count,
        count(distinct fact_release.twin_group_id) as distinct_release_count,
        count(distinct fact_release.statement_id) as statement_count,
        count(*) filter (where fact_release.minister_count > 1) as joint_release_count,
        sum(fact_release.word_count)::bigint as total_word_count,
        min(fact_release.nz_date) as first_date,
        max(fact_release.nz_date) as last_date
    from core.fact_release
    inner join core.dim_date
        on fact_release.nz_date_id = dim_date.date_id
    where dim_date.year is not null
    group by dim_date.year
),

ministers as (
    select
        year,
        minister_name,
        release_share,
        row_number() over (partition by year order by release_share desc, minister_id asc) as place
    from main.minister_activity
),

voices as (
    select
        year,
        count(*) as minister_count,
        round(sum(release_share) filter (where place <= 5) / sum(release_share), 6) as top5_minister_share,
        string_agg(minister_name, '; ' order by place) filter (where place <= 5) as top5_ministers
    from ministers
    group by year
),

portfolios as (
    select
        year,
        release_share,
        row_number() over (partition by year order by release_share desc, portfolio_id asc) as place
    from main.portfolio_activity
),

subjects as (
    select
        year,
        count(*) as portfolio_count,
        round(sum(release_share) filter (where place <= 5) / sum(release_share), 6) as top5_portfolio_share
    from portfolios
    group by year
)

select
    releases.year,
    releases.release_count,
    releases.distinct_release_count,
    releases.statement_count,
    releases.joint_release_count,
    releases.joint_release_count / releases.release_count as joint_share,
    coalesce(voices.minister_count, 0) as minister_count,
    voices.top5_minister_share,
    voices.top5_ministers,
    coalesce(subjects.portfolio_count, 0) as portfolio_count,
    subjects.top5_portfolio_share,
    releases.total_word_count,
    releases.first_date,
    releases.last_date
from releases
left join voices using (year)
left join subjects using (year)
order by releases.year;
