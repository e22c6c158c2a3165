-- description: The archive's history holds the commit that was published before: if not, it was rewritten, and versions
--     that releases had before may be gone from release_history.
-- severity: warn
select
    build_id,
    source_state,
    source_history
from meta.build
where source_history = 'rewritten'
