-- description: Files of the archive = releases + quarantined + excluded, for each content type.
-- severity: fail
select
    content_type,
    file_count,
    loaded_count,
    quarantined_count,
    excluded_count
from meta.reconciliation
where not is_balanced
