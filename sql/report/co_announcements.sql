-- title: Who announces together
-- description: The ten pairs of ministers with most joint statements. Copies and reworked texts of a statement count
--     once.
select
    co_announcements.minister_a_name,
    co_announcements.minister_b_name,
    sum(co_announcements.statement_count)::bigint as statement_count,
    sum(co_announcements.release_count)::bigint as release_count,
    min(co_announcements.first_release_date) as first_release_date,
    max(co_announcements.last_release_date) as last_release_date
from main.co_announcements
group by
    co_announcements.minister_a_id, co_announcements.minister_a_name, co_announcements.minister_b_id,
    co_announcements.minister_b_name
order by statement_count desc, co_announcements.minister_a_id, co_announcements.minister_b_id
limit 10
