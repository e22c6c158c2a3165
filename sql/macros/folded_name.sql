-- description: A name in the form that macros compare: letters and digits only, in lower case, without macrons and
--     accents; & is the word and.
-- example: select folded_name('Te Ururoa Flavell') = folded_name('te-ururoa flavell')
create or replace macro main.folded_name(name) as
replace(main.name_words(name), ' ', '');
