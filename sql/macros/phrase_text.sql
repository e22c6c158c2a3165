-- description: The words of a text, each between two spaces, in lower case and without macrons, accents, punctuation,
--     link addresses and what follows an apostrophe, such as the s in Minister's: what the search for a phrase sees.
-- example: select contains(phrase_text('He Māori-language week'), ' maori language ')
create or replace macro main.phrase_text(text) as
' ' || regexp_replace(
    lower(strip_accents(text)), '(?:[''’](?:s|t|ll|re|ve|d|m)\b|\]\([^)]*\)|[^\p{L}\p{N}_])+', ' ', 'g'
) || ' ';
