-- description: A name as macros compare it: its letters and digits, in any case, with or without macrons and accents.
-- example: select folded_name('Te Ururoa Flavell') = folded_name('te-ururoa flavell')
create or replace macro main.folded_name(name) as
regexp_replace(lower(strip_accents(name)), '[^a-z0-9]', '', 'g');
