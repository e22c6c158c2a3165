-- description: The statements that have several releases.
select statement_id
from core.fact_release
group by statement_id
having count(*) > 1
