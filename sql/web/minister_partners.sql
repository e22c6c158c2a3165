-- description: Who announces with whom: each pair of people in both orders, those with most statements first.
with pairs as (
    select
        minister_a_id as minister_id,
        minister_b_id as partner_id,
        minister_b_name as partner_name,
        statement_count,
        first_release_date,
        last_release_date
    from main.co_announcements
    union all
    select
        minister_b_id as minister_id,
        minister_a_id as partner_id,
        minister_a_name as partner_name,
        statement_count,
        first_release_date,
        last_release_date
    from main.co_announcements
)

select
    minister_id,
    partner_id,
    partner_name,
    sum(statement_count)::bigint as statement_count,
    min(first_release_date) as first_release_date,
    max(last_release_date) as last_release_date
from pairs
group by minister_id, partner_id, partner_name
order by statement_count desc, partner_name
