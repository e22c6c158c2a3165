-- description: The words of a title (weight A) and of a text (weight D) without macrons and accents, as search_query
--     looks for them. Words with a macron or an accent are there as printed, too, so that a query that was not made by
--     search_query finds those that are spelled as it is. Of a longer text, the first 250,000 characters are searched.
-- example: select search_vector('Housing', 'He whare Māori') @@ search_query('maori')
create or replace function search_vector(title text, body text) returns tsvector
language plpgsql immutable parallel safe
set search_path from current
as $$
declare
    given_title text := coalesce(title, '');
    given_body text := left(coalesce(body, ''), 250000);
    folded_title text := folded_text(given_title);
    folded_body text := folded_text(given_body);
    vector tsvector := setweight(to_tsvector('pg_catalog.english', folded_title), 'A')
        || to_tsvector('pg_catalog.english', folded_body);
begin
    if folded_title <> given_title or folded_body <> given_body then
        vector := vector || to_tsvector(
            'pg_catalog.english',
            -- Words of other than ASCII characters: the others are there already.
            regexp_replace(given_title || ' ' || given_body, '(^|\s)[\x01-\x7f]+(?=\s|$)', ' ', 'g')
        );
    end if;
    return vector;
end;
$$;
