-- description: The government that was in office on a day, given as a date or as text such as '2003-06-17'.
-- grain: government_id
-- example: select government_name, prime_minister_name from government_on('2003-06-17')
create or replace macro main.government_on(day) as table (
    with asked as (
        select day::date as wanted_date
    )

    select
        dim_government.government_id,
        dim_government.government_name,
        dim_government.parties,
        dim_minister.minister_name as prime_minister_name,
        dim_date.parliament,
        dim_government.start_date,
        dim_government.end_date
    from asked
    inner join core.dim_government
        on
            dim_government.start_date <= asked.wanted_date
            and coalesce(dim_government.end_date, 'infinity'::date) >= asked.wanted_date
    left join core.dim_date
        on asked.wanted_date = dim_date.calendar_date
    left join core.dim_minister
        on dim_date.prime_minister_id = dim_minister.minister_id
);
