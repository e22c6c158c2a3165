-- description: Passages of releases in which a person is quoted or reported, by the number of the release.
select
    fact_release.search_number,
    quotation.minister_id,
    dim_minister.minister_name,
    quotation.passage_place,
    quotation.passage_length,
    quotation.method,
    quotation.confidence,
    quotation.is_direct
from core.quotation
inner join core.fact_release using (release_id)
inner join core.dim_minister using (minister_id)
order by fact_release.search_number, quotation.passage_place, quotation.minister_id
