-- title: Who announces together
-- description: The ten pairs of ministers with most joint statements. Copies and reworked texts of a statement count
--     once.
-- example: select minister_a_name, minister_b_name, sum(statement_count) as statement_count from co_announcements
--     group by all order by statement_count desc
with pairs as (
    select
        co_announcements.minister_a_id,
        co_announcements.minister_a_name,
        co_announcements.minister_b_id,
        co_announcements.minister_b_name,
        sum(co_announcements.statement_count)::bigint as statement_count,
        min(co_announcements.first_release_date) as first_release_date,
        max(co_announcements.last_release_date) as last_release_date
    from main.co_announcements
    group by
        co_announcements.minister_a_id, co_announcements.minister_a_name, co_announcements.minister_b_id,
        co_announcements.minister_b_name
    order by statement_count desc, co_announcements.minister_a_id, co_announcements.minister_b_id
    limit 10
)

select
    pairs.minister_a_name,
    pairs.minister_b_name,
    pairs.statement_count,
    pairs.first_release_date,
    pairs.last_release_date,
    max(credit_a.release_id, 3) as latest_releases
from pairs
inner join main.release_ministers as credit_a on pairs.minister_a_id = credit_a.minister_id
inner join main.releases as release_a on credit_a.release_id = release_a.release_id
inner join main.releases as release_b on release_a.statement_id = release_b.statement_id
inner join main.release_ministers as credit_b
    on release_b.release_id = credit_b.release_id and pairs.minister_b_id = credit_b.minister_id
group by all
order by pairs.statement_count desc, pairs.minister_a_name, pairs.minister_b_name
