-- description: A name in the form that macros compare: letters and digits only, in lower case, without macrons and
--     accents.
-- example: select folded_name('Te Ururoa Flavell') = folded_name('te-ururoa flavell')
create or replace macro main.folded_name(name) as
regexp_replace(lower(strip_accents(name)), '[^a-z0-9]', '', 'g');
