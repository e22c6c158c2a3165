-- description: What somebody types into a search box as a query of the column search of release_texts: words in any
--     form, "a phrase", or, and -word for without. Macrons and accents make no difference.
-- example: select count(*) from release_texts where search @@ search_query('"fast track" or housing')
create or replace function search_query(typed text) returns tsquery
language sql immutable parallel safe strict
set search_path from current
as $$
    select websearch_to_tsquery('pg_catalog.english', folded_text(typed))
$$;
