-- description: A text without macrons and accents.
-- example: select folded_text('Māori') = 'Maori'
create or replace function folded_text(text_to_fold text) returns text
language sql immutable parallel safe strict
as $$
    select regexp_replace(normalize(text_to_fold, nfd), '[\u0300-\u036f]', '', 'g')
$$;
