-- description: The ministers of a day and what they held.
select
    minister_name,
    minister_id,
    portfolios,
    other_roles,
    confidence
from main.ministers_on($day)
