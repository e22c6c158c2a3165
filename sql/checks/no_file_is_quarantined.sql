-- description: Every file that should be a release is one; what is wrong with the others stands in meta.quarantine.
-- severity: warn
select
    path,
    reason,
    message
from meta.quarantine
