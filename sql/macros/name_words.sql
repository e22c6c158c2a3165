-- description: The words of a name in the form that macros compare: lower case, without macrons, accents, apostrophes
--     and punctuation, with single spaces.
-- example: select name_words('Damien O’Connor') = name_words('DAMIEN  OCONNOR')
create or replace macro main.name_words(name) as
trim(regexp_replace(
    translate(replace(lower(strip_accents(name)), '&', ' and '), '''’‘`ʻ', ''), '[^a-z0-9]+', ' ', 'g'
));
