-- description: Rows of seeds/appointments.csv by which two people held one portfolio on one day: correct a day, or give
--     the reason in both rows if the office was shared.
-- severity: warn
select
    earlier.portfolio_id,
    earlier.minister_id,
    later.minister_id as other_minister_id,
    later.start_date
from core.tenure as earlier
inner join core.tenure as later
    on
        earlier.portfolio_id = later.portfolio_id
        and earlier.minister_id <> later.minister_id
        and earlier.start_date <= later.start_date
        and coalesce(earlier.end_date, 'infinity'::date) >= later.start_date
where earlier.method = 'register' and later.method = 'register' and earlier.role = 'holder' and later.role = 'holder'
