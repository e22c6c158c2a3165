-- description: The words to mark in what a search found: each in all its forms, and the beginnings that end in *.
with asked as materialized (
    from main.search_words($question)
)

select
    term,
    is_prefix
from asked
union
select
    form.term,
    false as is_prefix
from asked
inner join core.search_term as word
    on asked.term = word.term and asked.phrase_number is null and not asked.is_prefix
inner join core.search_term as form
    on list_contains(word.forms, form.term_number)
