-- description: Releases whose text states another day than nz_date; see doubtful_dates.
-- severity: warn
select
    release_id,
    stated_date,
    stated_words,
    nz_date
from core.fact_release
where is_date_doubtful
