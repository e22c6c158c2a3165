-- description: The archive holds no front-matter key and no folder that was never seen before.
-- severity: warn
select
    path,
    kind,
    detail
from meta.source_warning
