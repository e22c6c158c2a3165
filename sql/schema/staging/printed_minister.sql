-- description: Each distinct minister string as printed, with the evidence that normalising weighs.
--     Only a link to a folder of ministers counts: those are what the scraper takes for a minister.
-- grain: printed
create or replace view printed_minister as
with credits as (
    select
        current_release.path,
        current_release.printed_date,
        current_release.is_undated,
        unnest(current_release.ministers) as printed,
        list_filter(current_release.links, lambda link: contains(lower(link.url), '/minister')) as folder_links
    from current_release
),

keyed as (
    select
        *,
        list_filter(folder_links, lambda link: link.url = printed or (
            trim(regexp_replace(lower(strip_accents(link."text")), '[^\w]+', ' ', 'g'))
            = trim(regexp_replace(lower(strip_accents(printed)), '[^\w]+', ' ', 'g'))
        )) as own_links
    from credits
)

select
    keyed.printed,
    count(*) as credit_count,
    count(distinct keyed.path) as release_count,
    count(distinct keyed.path) filter (where len(keyed.folder_links) > 0) as folder_link_count,
    count(distinct keyed.path) filter (where len(keyed.own_links) > 0) as link_count,
    list_sort(list_distinct(flatten(list(list_transform(keyed.own_links, lambda link: link.url))))) as link_urls,
    min(keyed.printed_date) filter (where not keyed.is_undated) as first_date,
    max(keyed.printed_date) filter (where not keyed.is_undated) as last_date
from keyed
group by keyed.printed;
