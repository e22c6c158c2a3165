-- description: The cleaned text of every release, by its number in the search index.
select
    fact_release.search_number,
    release_texts.cleaned_body
from main.release_texts
inner join core.fact_release using (release_id)
