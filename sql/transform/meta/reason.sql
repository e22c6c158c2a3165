-- description: The rules by which a file is not loaded, from the seed.
-- scope: whole
insert into meta.reason by name
select
    reason,
    fate,
    meaning,
    next_step
from seeds.reasons
order by reason;
