-- description: The index moves a printed day by two days at most: one between file and index, one between UTC and
--     New Zealand.
-- severity: fail
select
    fact_release.release_id,
    fact_release.published_date,
    fact_release.nz_date
from core.fact_release
where date_basis = 'exact' and abs(nz_date - published_date) > 2
