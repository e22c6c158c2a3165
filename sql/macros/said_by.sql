-- description: Passages in which a minister is quoted or reported, latest first. Give any name that minister_id_of
--     understands, such as Phil Goff, Goff or an id; another is an error. A passage is a paragraph that says that the
--     minister speaks, and the paragraphs before and after it that belong to the quotation. Passages from times when
--     the minister was not in office are left out.
-- grain: release_id, passage_place
-- warning: Found by rule: read the release before you quote from it. If confidence is medium, the passage does not name
--     its speaker; method says how it is known who speaks.
-- example: select nz_date, passage from said_by('Phil Goff') where passage ilike '%asylum%'
create or replace macro main.said_by(minister) as table (
    with asked as materialized (
        select main.minister_id_of(minister) as wanted_id
    )

    select
        quotation.release_id,
        fact_release.nz_date,
        fact_release.title,
        fact_release.url,
        dim_minister.minister_name,
        quotation.verb,
        quotation.method,
        quotation.confidence,
        quotation.is_direct,
        quotation.is_credited,
        substring(
            release_texts.cleaned_body, quotation.passage_place, quotation.passage_length
        ) as passage,
        quotation.passage_place
    from core.quotation
    inner join core.dim_minister using (minister_id)
    inner join core.fact_release using (release_id)
    inner join main.release_texts using (release_id)
    inner join asked
        on quotation.minister_id = asked.wanted_id
    where quotation.is_in_office
    order by fact_release.nz_date desc nulls last, quotation.release_id, quotation.passage_place
);
