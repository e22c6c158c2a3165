-- description: The signs from which `flows.normalise.holders.find_spells` makes the rows of this table.
-- scope: government, government_id
select
    portfolio_id,
    government_id,
    government_start_date,
    government_last_date,
    is_in_office,
    minister_id,
    nz_date,
    kind,
    weight
from work.office_sign
