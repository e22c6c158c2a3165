-- description: The words of all loaded releases, numbered in alphabetical order.
insert into core.search_term by name
with used as (
    select unnest(release.term_ids) as term_id
    from work.current_release
    inner join staging.release
        on current_release.release_row = release.rowid
),

counted as (
    select
        term_id,
        count(*) as release_count
    from used
    group by term_id
)

select
    term.term,
    row_number() over (order by term.term)::integer as term_number,
    counted.release_count,
    replace(term.term, '-', '') as term_key,
    term.family
from counted
inner join staging.term using (term_id)
order by term.term;
