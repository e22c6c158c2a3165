-- description: Regular expression for the first, second or third phrase in double quotes, straight or curly, of a
--     search; NULL if the search has no such phrase.
-- example: select asked_phrase('fares "fast track"', 1)
create or replace macro main.asked_phrase(question, phrase_number) as
main.phrase_pattern(string_split(translate(question::varchar, '“”„', '"""'), '"')[2 * phrase_number]);
