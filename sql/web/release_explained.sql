-- description: Where a release comes from and what was decided about it.
select
    release_id,
    source_path,
    source_commit,
    source_blob,
    source_url,
    first_seen_at,
    last_changed_at,
    published_date,
    nz_date,
    date_basis,
    ministers_as_printed,
    portfolios_as_printed,
    twin_group_id
from main.explain_row($release_id)
