-- description: Releases whose date in the index of publication times is more than two days from their printed date.
--     One day can lie between file and index, one between UTC and New Zealand; more means that the index entry belongs
--     to another release.
-- severity: fail
select
    fact_release.release_id,
    fact_release.published_date,
    fact_release.nz_date
from core.fact_release
where date_basis = 'exact' and abs(nz_date - published_date) > 2
