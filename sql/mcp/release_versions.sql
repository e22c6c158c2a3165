-- description: The versions of one release in the archive, the newest first.
select
    revision_number,
    change,
    valid_from_at,
    valid_to_at,
    is_title_changed,
    is_date_changed,
    is_ministers_changed,
    is_portfolios_changed,
    is_body_changed,
    word_added_count,
    word_removed_count
from main.release_history
where release_id = $release_id
order by valid_from_at desc, revision_number desc
