-- description: The words of each release, turned round, for the releases numbered from $first to $last: some thousand
--     at a time, since nine million rows are sorted in memory.
insert into core.search_posting by name
with used as (
    select
        fact_release.search_number,
        unnest(release.term_ids) as term_id,
        (
            unnest(release.term_body_counts)::integer + 5 * unnest(release.term_title_counts)::integer
        )::smallint as use_count
    from staging.current_release as release
    inner join core.fact_release using (release_id)
    where fact_release.search_number between $first and $last
),

numbered as materialized (
    select
        term.term_id,
        search_term.term_number
    from staging.term
    inner join core.search_term using (term)
)

select
    numbered.term_number,
    used.search_number,
    used.use_count
from used
inner join numbered using (term_id)
order by numbered.term_number, used.search_number;
