-- description: Nobody is credited outside every government they served in: the credit or the date is wrong.
-- severity: warn
select
    release_id,
    minister_name,
    suspicion
from main.doubtful_credits
