-- description: The signs from which `flows.normalise.holders.find_spells` makes the rows of this table.
-- scope: government, government_id
select
    office_sign.portfolio_id,
    government.government_id,
    government.start_date as government_start_date,
    government.last_date as government_last_date,
    government.is_in_office,
    office_sign.minister_id,
    office_sign.nz_date,
    office_sign.kind,
    max(office_sign.weight) as weight
from work.office_sign
inner join work.government
    on office_sign.nz_date between government.start_date and government.last_date
group by all
