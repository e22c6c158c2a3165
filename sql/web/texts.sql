-- description: Cleaned texts of some releases, by their numbers in the search index.
select
    fact_release.search_number,
    release_texts.cleaned_body
from main.release_texts
inner join core.fact_release using (release_id)
where list_contains($numbers, fact_release.search_number)
