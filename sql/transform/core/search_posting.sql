-- description: The words of each release with an id between the variables `first` and `last`, sorted by word; some
--     thousand releases at a time, because millions of rows are sorted in memory.
insert into core.search_posting by name
with used as (
    select
        dated.search_number,
        unnest(release.term_ids) as term_id,
        (
            unnest(release.term_body_counts)::integer + 5 * unnest(release.term_title_counts)::integer
        )::smallint as use_count,
        unnest(release.term_title_counts) as title_count
    from work.current_release
    inner join work.dated
        on current_release.release_id = dated.release_id
    inner join staging.release
        on current_release.release_row = release.rowid
    where current_release.release_id between getvariable('first') and getvariable('last')
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
    used.use_count,
    used.title_count
from used
inner join numbered using (term_id)
order by numbered.term_number, used.search_number;
