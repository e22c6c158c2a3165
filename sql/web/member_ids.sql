-- description: The ids of a minister and a portfolio, by any names that people use for them; an error if there is none.
select
    main.minister_id_of($minister) as minister_id,
    main.portfolio_id_of($portfolio) as portfolio_id
