-- description: Each row of the seed search_synonyms, in both directions.
insert into core.search_synonym by name
select
    wording,
    meaning
from seeds.search_synonyms
union
select
    meaning as wording,
    wording as meaning
from seeds.search_synonyms
order by wording, meaning;
