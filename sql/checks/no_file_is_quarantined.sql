-- description: Files were quarantined because they break a rule; see meta.quarantine.
-- severity: warn
select
    path,
    reason,
    message
from meta.quarantine
