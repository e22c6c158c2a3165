-- description: All releases, as a search for no word finds them.
select
    search_number,
    nz_date,
    0::bigint as rank,
    null::varchar as matched_words,
    null::varchar as missing_words,
    null::varchar as read_as,
    null::varchar as copy_of
from core.fact_release
