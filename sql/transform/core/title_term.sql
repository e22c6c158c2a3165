-- description: Words of titles by month. Titles are short, so they are split into words here and nothing is stored in
--     between.
insert into core.title_term by name
with words as (
    select
        fact_release.release_id,
        dim_date.month_start_date,
        unnest(
            list_distinct(regexp_extract_all(lower(strip_accents(fact_release.title)), '[\p{L}\p{N}_]+'))
        ) as term
    from core.fact_release
    inner join core.dim_date
        on fact_release.nz_date_id = dim_date.date_id
    where fact_release.is_canonical and dim_date.year is not null
)

select
    term,
    month_start_date,
    count(*)::integer as title_count
from words
where length(term) > 1
group by term, month_start_date
qualify sum(count(*)) over (partition by term) > 1
order by term, month_start_date;
