-- description: Releases per calendar year of nz_date; undated releases are left out.
-- grain: year
-- column year: Calendar year.
-- column release_count: Files, twins counted apart; additive.
-- column distinct_release_count: Of those, each text once: copies of a joint statement count as one. Not
--     additive: the copies may stand on two rows.
-- column joint_release_count: Of those, credited to two people or more; additive.
-- column joint_share: joint_release_count as a part of release_count, 0 to 1; not additive.
-- column minister_count: Different people credited; not additive.
-- column top5_minister_share: Part of what names somebody that the five people with most have, 0 to 1; not additive.
-- column top5_ministers: Those five, the first with most, separated by '; '.
-- column portfolio_count: Different portfolios tagged; not additive.
-- column top5_portfolio_share: Part of what is tagged that the five portfolios with most have, 0 to 1; not additive.
-- column word_count: Words; additive.
-- column first_date: Earliest nz_date of the year: the archive begins on 1996-02-25.
-- column last_date: Latest nz_date of the year.
create or replace view main.releases_by_year as
with releases as (
    select
        dim_date.year,
        count(*) as release_count,
        count(distinct fact_release.twin_group_id) as distinct_release_count,
        count(*) filter (where fact_release.minister_count > 1) as joint_release_count,
        sum(fact_release.word_count)::bigint as word_count,
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
    releases.joint_release_count,
    releases.joint_release_count / releases.release_count as joint_share,
    coalesce(voices.minister_count, 0) as minister_count,
    voices.top5_minister_share,
    voices.top5_ministers,
    coalesce(subjects.portfolio_count, 0) as portfolio_count,
    subjects.top5_portfolio_share,
    releases.word_count,
    releases.first_date,
    releases.last_date
from releases
left join voices using (year)
left join subjects using (year)
order by releases.year;
