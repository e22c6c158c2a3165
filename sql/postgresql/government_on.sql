-- description: The government that was in office on a day.
-- example: select government_name, prime_minister_name from government_on('2003-06-17')
create or replace function government_on(day date)
returns table (
    government_id text, government_name text, parties text, prime_minister_name text, parliament integer,
    start_date date, end_date date
)
language sql stable parallel safe
set search_path from current
as $$
    select
        dim_government.government_id,
        dim_government.government_name,
        dim_government.parties,
        dim_minister.minister_name,
        dim_date.parliament,
        dim_government.start_date,
        dim_government.end_date
    from core_dim_government as dim_government
    left join core_dim_date as dim_date
        on dim_date.calendar_date = day
    left join core_dim_minister as dim_minister
        on dim_date.prime_minister_id = dim_minister.minister_id
    where
        dim_government.start_date <= day
        and coalesce(dim_government.end_date, 'infinity'::date) >= day
$$;
