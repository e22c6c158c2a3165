-- description: Groups of two or more releases with the same text, with everybody they credit. Before 2009 the site held
--     one minister per release, so a joint statement has one copy per minister.
-- grain: twin_group_id
-- example: select title, ministers from twins order by release_count desc limit 5
-- column twin_group_id: Id of the representative release of the group; joins to releases.
-- column title: Title of the representative release, as printed.
-- column year: Calendar year of the representative release, by nz_date; NULL if no date is known.
-- column first_date: Earliest nz_date in the group; NULL if all are undated.
-- column last_date: Latest nz_date in the group; NULL if all are undated.
-- column release_count: Number of releases in the group, at least two.
-- column is_identical: True if the bodies of all releases in the group are equal byte for byte, not only in letters and
--     digits.
-- column title_count: Number of different titles in the group; more than one can mean that a text has a wrong title.
-- column ministers: Names of everybody credited by a release of the group, in alphabetical order, separated by '; ';
--     NULL if nobody is credited.
-- column portfolios: Names of all portfolios tagged in the group, in alphabetical order, separated by '; '; NULL if
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
        string_agg(distinct dim_minister.minister_name, '; ' order by dim_minister.minister_name) as ministers
    from members
    inner join core.bridge_release_minister as bridge using (release_id)
    inner join core.dim_minister using (minister_id)
    where dim_minister.is_person and not bridge.is_out_of_government
    group by members.twin_group_id
),

portfolio_names as (
    select
        members.twin_group_id,
        string_agg(distinct dim_portfolio.portfolio_name, '; ' order by dim_portfolio.portfolio_name) as portfolios
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
        count(distinct lower(members.title)) as title_count,
        string_agg(members.release_id, '; ' order by members.release_id) as release_ids
    from members
    group by members.twin_group_id
)

select
    grouped.twin_group_id,
    fact_release.title,
    dim_date.year,
    grouped.first_date,
    grouped.last_date,
    twin_group.release_count,
    twin_group.is_identical,
    grouped.title_count,
    minister_names.ministers,
    portfolio_names.portfolios,
    grouped.release_ids
from grouped
inner join core.twin_group using (twin_group_id)
inner join core.fact_release
    on grouped.twin_group_id = fact_release.release_id
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
left join minister_names
    on grouped.twin_group_id = minister_names.twin_group_id
left join portfolio_names
    on grouped.twin_group_id = portfolio_names.twin_group_id
order by grouped.first_date, grouped.twin_group_id;
