-- description: Releases whose text begins with a date more than three days from nz_date; see doubtful_dates.
-- severity: warn
select
    release_id,
    opening_date,
    nz_date
from main.doubtful_dates
where opening_date is not null
