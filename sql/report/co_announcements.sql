-- title: Who announces together
-- description: The ten pairs of ministers with most joint statements. Copies and reworked texts of a statement count
--     once.
select
    co_announcements.minister_a_name,
    co_announcements.minister_b_name,
    co_announcements.statement_count,
    co_announcements.release_count,
    co_announcements.first_release_date,
    co_announcements.last_release_date
from main.co_announcements
order by co_announcements.statement_count desc, co_announcements.minister_a_id, co_announcements.minister_b_id
limit 10
