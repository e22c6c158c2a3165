-- description: The names by which releases credit a person, most used first.
select
    credited_as,
    rule,
    reason,
    release_count
from core.minister_alias
where minister_id = $minister_id
order by release_count desc, credited_as
