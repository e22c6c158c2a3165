-- description: Each distinct name of a minister or portfolio as printed, with the evidence that the rules for names
--     use. A link counts as evidence only if it leads to a folder of ministers or portfolios, because the scraper
--     takes such links for names.
-- grain: name_kind, printed
create or replace view printed_name as
with named as (
    select
        identity.release_row,
        release.ministers,
        release.portfolios,
        if(year(release.printed_date) = 1, null, release.printed_date) as printed_date,
        list_filter(
            release.links,
            lambda link: contains(lower(link.url), '/minister') or contains(lower(link.url), '/portfolio') -- noqa: RF01
        ) as links
    from identity
    inner join release
        on identity.release_row = release.rowid
    where identity.id_rank = 1
),

folded as ( -- once for each release, because a release can have many names and many long links
    select
        * replace (
            list_transform(links, lambda link: {
                'url': link.url,
                'folder': lower(link.url),
                'fold': hash(trim(regexp_replace(lower(strip_accents(link."text")), '[^\w]+', ' ', 'g')))
            }) as links
        )
    from named
),

credits as (
    select
        'minister' as name_kind,
        release_row,
        unnest(ministers) as printed,
        printed_date,
        list_filter(links, lambda link: contains(link.folder, '/minister')) as folder_links
    from folded
    union all by name
    select
        'portfolio' as name_kind,
        release_row,
        unnest(portfolios) as printed,
        printed_date,
        list_filter(links, lambda link: contains(link.folder, '/portfolio')) as folder_links
    from folded
),

keyed as (
    select
        *,
        hash(trim(regexp_replace(lower(strip_accents(printed)), '[^\w]+', ' ', 'g'))) as printed_fold,
        list_filter(folder_links, lambda link: link.url = printed or link.fold = printed_fold) as own_links
    from credits
),

-- Grouped by release first, because counting distinct releases cannot spill from memory to disk.
by_release as (
    select
        name_kind,
        printed,
        release_row,
        count(*) as credit_count,
        bool_or(len(folder_links) > 0) as has_folder_link,
        bool_or(len(own_links) > 0) as has_link,
        flatten(list(list_transform(own_links, lambda link: link.url))) as link_urls,
        min(printed_date) as printed_date
    from keyed
    group by name_kind, printed, release_row
)

select
    name_kind,
    printed,
    sum(credit_count)::bigint as credit_count,
    count(*) as release_count,
    count(*) filter (where has_folder_link) as folder_link_count,
    count(*) filter (where has_link) as link_count,
    list_sort(list_distinct(flatten(list(link_urls)))) as link_urls,
    min(printed_date) as first_date,
    max(printed_date) as last_date
from by_release
group by name_kind, printed;
