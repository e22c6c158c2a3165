-- description: No text opens with a date more than three days from that of its release.
-- severity: warn
select
    release_id,
    opening_date,
    nz_date
from main.doubtful_dates
where opening_date is not null
