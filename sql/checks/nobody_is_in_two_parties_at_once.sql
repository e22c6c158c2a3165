-- description: People in two parties on the same day, so that their credits of that day would count twice; correct the
--     days in seeds/party_memberships.csv.
-- severity: fail
select
    later.minister_id,
    later.party_id,
    later.start_date
from core.party_membership as earlier
inner join core.party_membership as later
    on
        earlier.minister_id = later.minister_id
        and coalesce(earlier.start_date, '-infinity'::date) < coalesce(later.start_date, '-infinity'::date)
        and coalesce(earlier.end_date, 'infinity'::date) >= later.start_date
