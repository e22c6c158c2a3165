-- description: Passages in which a minister is quoted or reported, latest first; if words are given, those with all of
--     them.
select
    nz_date,
    minister_name,
    passage,
    confidence,
    method,
    is_direct,
    release_id,
    title,
    url,
    count(*) over () as passage_count
from main.said_by($minister)
where
    ($since::date is null or nz_date >= $since::date)
    and ($until::date is null or nz_date <= $until::date)
    and list_bool_and([true] || list_transform(
        $words::varchar[], lambda word: contains(main.phrase_text(passage), rtrim(main.phrase_text(word)))
    ))
order by nz_date desc nulls last, release_id, passage_place
limit $most offset $skipped
