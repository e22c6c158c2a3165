-- description: Who held which office when, of one minister, of one portfolio, or both; those of a day if one is given.
select
    portfolio_name,
    minister_name,
    minister_id,
    role,
    start_date,
    end_date,
    sure_from_date,
    sure_to_date,
    confidence,
    method,
    government_name
from main.portfolio_holders
where
    ($minister::varchar is null or minister_id = main.minister_id_of($minister::varchar))
    and ($portfolio::varchar is null or portfolio_id = main.portfolio_id_of($portfolio::varchar))
    and ($role::varchar is null or role = $role::varchar)
    and (
        $day::date is null
        or (start_date <= $day::date and coalesce(end_date, 'infinity'::date) >= $day::date)
    )
order by start_date, portfolio_name, role
