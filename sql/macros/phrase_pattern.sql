-- description: Regular expression that finds the words of a phrase next to each other, whatever the case, macrons,
--     accents and punctuation. A word that ends in * matches every word that begins with it. NULL for a phrase without
--     words.
-- example: select regexp_matches('He Māori-language week', phrase_pattern('maori lang*'))
create or replace macro main.phrase_pattern(phrase) as -- noqa: disable=PRS,LT01,LT02
'(?i)(?:^|[^\p{L}\p{N}_])' || nullif(
    replace(
        replace(
            list_reduce(
                [
                    '[aàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ]', '[bḃḅḇ]', '[cçćĉċčḉ]', '[dďḋḍḏḑḓ]',
                    '[eèéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ]', '[fḟ]', '[gĝğġģǧǵḡ]', '[hĥȟḣḥḧḩḫẖ]', '[iìíîïĩīĭįǐȉȋḭḯỉịİ]',
                    '[jĵǰ]', '[kķǩḱḳḵ]', '[lĺļľḷḹḻḽ]', '[mḿṁṃ]', '[nñńņňǹṅṇṉṋ]',
                    '[oòóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ]', '[pṕṗ]', '[rŕŗřȑȓṙṛṝṟ]', '[sśŝşšșṡṣṥṧṩ]', '[tţťțṫṭṯṱẗ]',
                    '[uùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự]', '[vṽṿ]', '[wŵẁẃẅẇẉẘ]', '[xẋẍ]', '[yýÿŷȳẏẙỳỵỷỹ]', '[zźżžẑẓẕ]'
                ],
                lambda pattern, letters: replace(pattern, letters[2], letters),
                trim(regexp_replace(
                    regexp_replace(
                        replace(
                            regexp_replace(
                                lower(strip_accents(phrase)), '[''’](?:s|t|ll|re|ve|d|m)([^\p{L}\p{N}_]|$)', ' \1', 'g'
                            ), '*', '* '
                        ), '(^|[^\p{L}\p{N}_])\*', '\1 ', 'g'
                    ), '[^\p{L}\p{N}_*]+', ' ', 'g'
                ))
            ), '*', '[\p{L}\p{N}_]*'
        ), ' ', '(?:[''’][a-z]{1,2})?(?:\]\([^)]*\)|[^\p{L}\p{N}_])+'
    ), ''
) || '(?:[''’][a-z]{1,2})?(?:[^\p{L}\p{N}_]|$)';
