-- description: Every printed name is known to a seed or decided by a rule.
-- severity: warn
select
    name_kind,
    printed_as,
    rule,
    release_count
from main.names_to_review
