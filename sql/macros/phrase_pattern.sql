-- description: A phrase as the regular expression that finds its words beside each other, in any case, with or without
--     macrons and accents, whatever stands between; NULL for a phrase without words.
-- example: select regexp_matches('He Māori-language week', phrase_pattern('maori language'))
create or replace macro main.phrase_pattern(phrase) as
'(?i)(?:^|[^\p{L}\p{N}_])' || nullif(
    replace(
        replace(replace(replace(
            replace(replace(replace(replace(
                trim(regexp_replace(
                    regexp_replace(
                        lower(strip_accents(phrase)), '[''’](?:s|t|ll|re|ve|d|m)([^\p{L}\p{N}_]|$)', ' \1', 'g'
                    ), '[^\p{L}\p{N}_]+', ' ', 'g'
                )), 'a', '[aāáàâäãå]'
            ), 'e', '[eēéèêë]'), 'i', '[iīíìîï]'), 'o', '[oōóòôöõ]'), 'u', '[uūúùûü]'
        ), 'c', '[cç]'), 'n', '[nñ]'),
        ' ', '(?:[''’][a-z]{1,2})?(?:\]\([^)]*\)|[^\p{L}\p{N}_])+'
    ), ''
) || '(?:[''’][a-z]{1,2})?(?:[^\p{L}\p{N}_]|$)';
