-- description: Each distinct minister string as printed, with the evidence that normalising weighs.
-- grain: printed
create or replace view printed_minister as
with credits as (
    select
        current_release.path,
        current_release.printed_date,
        current_release.is_undated,
        unnest(current_release.ministers) as printed,
        list_concat(
            list_transform(current_release.links, lambda link: link."text"),
            list_transform(current_release.links, lambda link: link.url)
        ) as link_strings
    from current_release
)

select
    credits.printed,
    count(*) as credit_count,
    count(distinct credits.path) as release_count,
    count(distinct credits.path) filter (where list_contains(credits.link_strings, credits.printed)) as link_count,
    min(credits.printed_date) filter (where not credits.is_undated) as first_date,
    max(credits.printed_date) filter (where not credits.is_undated) as last_date
from credits
group by credits.printed;
