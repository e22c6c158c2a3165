-- description: A person who is credited with releases; no row if there is no such person.
select
    minister_id,
    minister_name,
    honorific,
    kind,
    gender,
    birth_year,
    wikidata_id,
    is_provisional,
    first_release_date,
    last_release_date
from core.dim_minister
where minister_id = $minister_id and is_person
