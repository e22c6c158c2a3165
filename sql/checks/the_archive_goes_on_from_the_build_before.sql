-- description: The history of the archive was rewritten: it no longer contains the commit of the previous build, so
--     release_history may lack earlier versions of releases. See source_history in meta.build.
-- severity: warn
select
    build_id,
    source_state,
    source_history
from meta.build
where source_history = 'rewritten'
