-- description: The portfolios that a name means, as members_called returns them: several if the name is the first words
--     of several names, such as Science. The words Minister of, or Minister after it, case, macrons, apostrophes and
--     spaces make no difference.
-- example: select portfolios_called('Science')
create or replace macro main.portfolios_called(name) as
main.members_called('portfolio', name, regexp_replace(
    regexp_replace(
        trim(name::varchar),
        '^(?:the\s+)?(?:minister(?:[\s-]+in[\s-]+charge|\s+responsible)?\s+(?:of|for)\s+)?(?:the\s+)?', '', 'i'
    ),
    '\s+minister$', '', 'i'
));
