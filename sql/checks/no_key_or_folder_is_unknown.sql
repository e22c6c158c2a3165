-- description: Front-matter keys or folders that were never seen before, texts that are like more than 20 others, or
--     entries of the index of publication times that cannot be used; see meta.source_warning.
-- severity: warn
select
    path,
    kind,
    detail
from meta.source_warning
