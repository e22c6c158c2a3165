-- description: Each row of the seed search_synonyms, in both directions, with the words that releases have.
-- scope: whole
insert into core.search_synonym by name
with both_ways as (
    select
        wording,
        meaning
    from seeds.search_synonyms
    union
    select
        meaning as wording,
        wording as meaning
    from seeds.search_synonyms
),

parts as (
    select
        wording,
        meaning,
        unnest(list_distinct(string_split(meaning, ' '))) as part,
        len(list_distinct(string_split(meaning, ' ')))::integer as part_count
    from both_ways
)

select
    parts.*,
    md5_number_lower(replace(parts.wording, ' ', '')) as term_key,
    search_term.term_number,
    search_term.forms,
    search_term.weight
from parts
inner join core.search_term
    on parts.part = search_term.term
qualify count(*) over (partition by parts.wording, parts.meaning) = parts.part_count
order by parts.wording, parts.meaning, parts.part;
