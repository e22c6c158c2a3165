-- description: Words of titles by month.
-- scope: word, term
insert into core.title_term by name
select
    title_word.term,
    dim_date.month_start_date,
    count(*)::integer as title_count
from work.title_word
inner join core.fact_release using (release_id)
inner join core.dim_date
    on fact_release.nz_date_id = dim_date.date_id
where
    fact_release.is_canonical
    and dim_date.year is not null
    and length(title_word.term) > 1
group by title_word.term, dim_date.month_start_date
qualify sum(count(*)) over (partition by title_word.term) > 1
order by title_word.term, dim_date.month_start_date;
