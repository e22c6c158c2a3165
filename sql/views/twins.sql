-- description: Groups of two or more releases with the same text, with everybody they credit. Before 2009 the site held
--     one minister per release, so a joint statement has one copy per minister.
-- grain: twin_group_id
-- example: select title, all_ministers from twins order by twin_count desc limit 5
-- column twin_group_id: Id of the representative release of the group; joins to releases.
-- column release_id: Id of the representative release of the group; joins to releases.
-- column title: Title of the representative release, as printed.
-- column url: Address of the representative release on the site, as printed in its front matter.
-- column nz_date: Best known New Zealand date of the representative release; NULL if no date is known.
-- column year: Calendar year of nz_date; NULL if no date is known.
-- column month_of_term: Month of the parliamentary term on nz_date, where month 1 begins on the day of the general
--     election; NULL if no date is known.
-- column government_name: Name of the government in office on nz_date, such as `Fifth Labour Government`; Unknown for
--     undated releases.
-- column first_date: Earliest nz_date in the group; NULL if all are undated.
-- column last_date: Latest nz_date in the group; NULL if all are undated.
-- column twin_count: Number of releases in the group, at least two.
-- column is_identical: True if the bodies of all releases in the group are equal byte for byte, not only in letters and
--     digits.
-- column distinct_title_count: Number of different titles in the group; more than one can mean that a text has a wrong
--     title.
-- column all_ministers: Names of everybody credited by a release of the group, in alphabetical order, separated by
--     '; '; NULL if nobody is credited.
-- column all_portfolios: Names of all portfolios tagged in the group, in alphabetical order, separated by '; '; NULL if
--     none is tagged.
-- column release_ids: Ids of the releases in the group, separated by '; '.
create or replace view main.twins as
with members as (
    select
        twin_group_id,
        release_id,
        title,
        nz_date
    from core.fact_release
    where twin_count > 1
),

minister_names as (
    select
        members.twin_group_id,
        string_agg(distinct dim_minister.minister_name, '; ' order by dim_minister.minister_name) as all_ministers
    from members
    inner join core.bridge_release_minister as bridge using (release_id)
    inner join core.dim_minister using (minister_id)
    where dim_minister.is_person and not bridge.is_out_of_government
    group by members.twin_group_id
),

portfolio_names as (
    select
        members.twin_group_id,
        string_agg(distinct dim_portfolio.portfolio_name, '; ' order by dim_portfolio.portfolio_name) as all_portfolios
    from members
    inner join core.bridge_release_portfolio using (release_id)
    inner join core.dim_portfolio using (portfolio_id)
    where dim_portfolio.is_portfolio
    group by members.twin_group_id
),

grouped as (
    select
        members.twin_group_id,
        min(members.nz_date) as first_date,
        max(members.nz_date) as last_date,
        count(distinct lower(members.title)) as distinct_title_count,
        string_agg(members.release_id, '; ' order by members.release_id) as release_ids
    from members
    group by members.twin_group_id
)

select
    grouped.twin_group_id,
    fact_release.release_id,
    fact_release.title,
    fact_release.url,
    fact_release.nz_date,
    dim_date.year,
    dim_date.month_of_term,
    dim_government.government_name,
    grouped.first_date,
    grouped.last_date,
    twin_group.release_count as twin_count,
    twin_group.is_identical,
    grouped.distinct_title_count,
    minister_names.all_ministers,
    portfolio_names.all_portfolios,
    grouped.release_ids
from grouped
inner join core.twin_group using (twin_group_id)
inner join core.fact_release
    on grouped.twin_group_id = fact_release.release_id
inner join core.dim_government
    on fact_release.government_id = dim_government.government_id
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
left join minister_names
    on grouped.twin_group_id = minister_names.twin_group_id
left join portfolio_names
    on grouped.twin_group_id = portfolio_names.twin_group_id
order by grouped.first_date, grouped.twin_group_id;
