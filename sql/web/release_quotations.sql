-- description: Passages of a release in which a person is quoted or reported.
select
    quotation.minister_id,
    -- A join takes four times as long: it reads more of the large table.
    (
        select dim_minister.minister_name
        from core.dim_minister
        where dim_minister.minister_id = quotation.minister_id
    ) as minister_name,
    quotation.passage_place,
    quotation.passage_length,
    quotation.method,
    quotation.confidence,
    quotation.is_direct
from core.quotation
where quotation.release_id = $release_id
