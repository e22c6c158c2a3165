-- description: Groups of releases that say the same, with everybody they credit: before 2009 the site held one
--     minister a release, so a joint statement stands once per minister.
-- grain: twin_group_id
-- example: select title, ministers from twins order by release_count desc limit 5
-- column twin_group_id: Release that stands for the group.
-- column title: Its title as printed.
-- column year: Calendar year of nz_date of the release that stands for the group; NULL where undated.
-- column first_date: Earliest day of the group; NULL where none is dated.
-- column last_date: Latest day of the group; NULL where none is dated.
-- column release_count: Releases of the group, at least two.
-- column is_identical: True where the bodies are the same byte for byte, not only in letters and digits.
-- column title_count: Different titles; more than one may mean that a text was put under a wrong title.
-- column ministers: Everybody whom a release of the group credits, by name, separated by '; '; NULL where nobody is.
-- column portfolios: Every portfolio of the group, by name, separated by '; '; NULL where there is none.
-- column release_ids: The releases, separated by '; '.
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
