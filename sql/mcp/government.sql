-- description: The government of a day.
select
    government_id,
    government_name,
    prime_minister_name,
    parties,
    parliament,
    start_date,
    end_date
from main.government_on($day)
