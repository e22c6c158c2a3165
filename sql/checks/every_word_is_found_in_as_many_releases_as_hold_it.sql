-- description: Words of the search index whose number of rows in core.search_posting differs from release_count in
--     core.search_term, or that are in one of the two tables only.
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
