-- description: Credits of people who served in no government of that time: the credit or the date is wrong. See
--     doubtful_credits.
-- severity: warn
select
    release_id,
    minister_name,
    suspicion
from main.doubtful_credits
