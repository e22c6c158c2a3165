-- description: The number by which core.search_posting refers to each word. A word keeps its number from the build
--     before; new words are numbered after all others, forms of a word next to each other.
-- scope: whole
create table work.term_number as
select
    term.term_id,
    term.term,
    term.family,
    replace(term.term, '-', '') as bare_term,
    coalesce(
        kept_term.term_number,
        (select coalesce(max(earlier.term_number), 0) from work.kept_term as earlier)
        + row_number() over (
            partition by kept_term.term_number is null
            order by term.family, bare_term, term.term
        )
    )::integer as term_number
from staging.term
left join work.kept_term using (term);
