-- description: Where one release comes from, and the rules that resolved its names and its date.
select
    source_path,
    source_commit,
    source_url,
    first_seen_at,
    last_changed_at,
    date_basis,
    ministers_as_printed,
    portfolios_as_printed
from main.explain_row($release_id)
