-- description: The words of each release, turned round. Number and counts go as one integer, so that nine million of
--     them are sorted word by word and not as rows: half the time.
insert into core.search_term by name
with used as (
    select
        unnest(release.term_ids) as term_id,
        (fact_release.search_number::bigint << 16)
        | (unnest(release.term_title_counts)::bigint << 8)
        | unnest(release.term_body_counts)::bigint as packed
    from staging.current_release as release
    inner join core.fact_release using (release_id)
),

gathered as (
    select
        term_id,
        list_sort(list(packed)) as packed
    from used
    group by term_id
)

select -- noqa: disable=RF02
    term.term,
    len(gathered.packed) as release_count,
    list_transform(gathered.packed, lambda one: (one >> 16)::integer) as search_numbers,
    list_transform(gathered.packed, lambda one: (one & 255)::utinyint) as body_counts,
    list_transform(gathered.packed, lambda one: ((one >> 8) & 255)::utinyint) as title_counts
from gathered
inner join staging.term using (term_id)
order by term.term;
