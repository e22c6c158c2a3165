-- description: The archive holds no front-matter key and no folder that was never seen before, and the index no
--     entry that cannot be used.
-- severity: warn
select
    path,
    kind,
    detail
from meta.source_warning
