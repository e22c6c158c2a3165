-- description: Passages in which a person is quoted or reported while in office, newest first; of copies, only one.
select
    quotation.release_id,
    fact_release.search_number,
    fact_release.nz_date,
    fact_release.title,
    quotation.method,
    quotation.confidence,
    quotation.is_direct,
    quotation.is_credited,
    quotation.passage_place,
    quotation.passage_length,
    count(*) over () as passage_count
from core.quotation
inner join core.fact_release using (release_id)
where quotation.minister_id = $minister_id and quotation.is_in_office and fact_release.is_canonical
order by fact_release.nz_date desc nulls last, quotation.release_id asc, quotation.passage_place asc
limit $most
