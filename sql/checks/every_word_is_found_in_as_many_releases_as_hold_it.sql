-- description: The index of the search has as many releases for each word as hold it, and no other words.
-- severity: fail
with postings as (
    select
        term_number,
        count(*) as posting_count
    from core.search_posting
    group by term_number
)

select
    term_number,
    search_term.term,
    search_term.release_count,
    postings.posting_count
from core.search_term
full join postings using (term_number)
where search_term.release_count is distinct from postings.posting_count
