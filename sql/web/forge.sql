-- description: The address of the archive, if it is a repository on the web.
with origin as (
    select regexp_extract(source_location, '^https?://[^/@]+/[^/]+/[^/]+?(?:\.git)?/?$') as forge
    from meta.build
)

select nullif(regexp_replace(forge, '(\.git)?/?$', ''), '') as forge
from origin
