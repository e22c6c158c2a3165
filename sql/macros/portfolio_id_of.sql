-- description: The id of the portfolio that a name means: an id, a name, another name of core.known_name, or the first
--     words of a name that no other portfolio has. The words Minister of, or Minister after it, case, macrons,
--     apostrophes and spaces make no difference. An unknown name, and one that fits several portfolios, is an error
--     that names the nearest; so is the title of an associate, who does not hold the portfolio. NULL for NULL.
-- example: select portfolio_id_of('Minister of Immigration')
create or replace macro main.portfolio_id_of(name) as (
    select main.only_member_id(called.given_name, called.given_members)
    from (
        select
            name::varchar as given_name,
            main.portfolios_called(name) as given_members
    ) as called
);
