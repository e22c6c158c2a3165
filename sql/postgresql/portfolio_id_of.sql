-- description: The id of the portfolio that a name means: an id, a name, another name, or the first words of a name
--     that no other portfolio has. The words Minister of, or Minister after it, case, macrons, apostrophes and spaces
--     make no difference. An unknown name, and one that fits several portfolios, is an error; so is the title of an
--     associate, who does not hold the portfolio. NULL for NULL.
-- example: select portfolio_id_of('Minister of Immigration')
create or replace function portfolio_id_of(portfolio text) returns text
language sql stable parallel safe
set search_path from current
as $$
    select member_id_of('portfolio', portfolio, portfolio_words(portfolio))
$$;
