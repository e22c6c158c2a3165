-- description: Printed names that no seed knows; see names_to_review, and decide them with `beehive review`.
-- severity: warn
select
    name_kind,
    printed_as,
    rule,
    release_count
from main.names_to_review
