-- description: Each distinct portfolio string as printed, with the evidence that normalising weighs.
--     Only a link to a folder of portfolios counts: those are what the scraper takes for a portfolio.
-- grain: printed
create or replace view printed_portfolio as
with credits as (
    select
        current_release.path,
        current_release.printed_date,
        current_release.is_undated,
        unnest(current_release.portfolios) as printed,
        list_filter(current_release.links, lambda link: contains(lower(link.url), '/portfolio')) as folder_links
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
),

-- by release first, so that no paths have to be told apart: what tells them apart cannot leave the memory
by_release as (
    select
        printed,
        path,
        count(*) as credit_count,
        bool_or(len(own_links) > 0) as has_link,
        flatten(list(list_transform(own_links, lambda link: link.url))) as link_urls,
        min(printed_date) filter (where not is_undated) as printed_date
    from keyed
    group by printed, path
)

select
    printed,
    sum(credit_count)::bigint as credit_count,
    count(*) as release_count,
    count(*) filter (where has_link) as link_count,
    list_sort(list_distinct(flatten(list(link_urls)))) as link_urls,
    min(printed_date) as first_date,
    max(printed_date) as last_date
from by_release
group by printed;
