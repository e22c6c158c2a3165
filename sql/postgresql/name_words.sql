-- description: The words of a name in the form in which names are compared: lower case, without macrons, accents,
--     apostrophes and punctuation, with single spaces.
-- example: select name_words('Damien O’Connor') = name_words('DAMIEN  OCONNOR')
create or replace function name_words(printed_name text) returns text
language sql immutable parallel safe strict
set search_path from current
as $$
    select trim(regexp_replace(
        translate(replace(lower(folded_text(printed_name) collate "C"), '&', ' and '), '''’‘`ʻ', ''),
        '[^a-z0-9]+', ' ', 'g'
    ))
$$;
