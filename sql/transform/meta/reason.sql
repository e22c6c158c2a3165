-- description: The rules by which a file is not loaded.
insert into meta.reason by name
select
    reason,
    fate,
    meaning,
    next_step
from seeds.reasons
order by reason;
