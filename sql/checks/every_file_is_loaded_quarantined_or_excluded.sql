-- description: Folders of the archive where some files are neither loaded nor quarantined nor excluded, or are counted
--     twice; see meta.reconciliation.
-- severity: fail
select
    content_type,
    file_count,
    loaded_count,
    quarantined_count,
    excluded_count
from meta.reconciliation
where not is_balanced
