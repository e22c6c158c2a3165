-- description: The name of a portfolio without what may be left out of it: the words Minister of, or Minister after it.
-- example: select portfolio_words('Minister of Immigration')
create or replace function portfolio_words(portfolio text) returns text
language sql immutable parallel safe
set search_path from current
as $$
    select regexp_replace(
        regexp_replace(
            trim(portfolio),
            '^(?:the\s+)?(?:minister(?:[\s-]+in[\s-]+charge|\s+responsible)?\s+(?:of|for)\s+)?(?:the\s+)?', '', 'i'
        ),
        '\s+minister$', '', 'i'
    )
$$;
