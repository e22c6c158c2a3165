-- description: Releases with the same text as a release, and others of its statement.
select
    case when twin_group_id = $twin_group_id then 'copy' else 'statement' end as kind,
    null::double as share,
    release_id,
    title,
    nz_date,
    minister_names as ministers
from core.fact_release
where (twin_group_id = $twin_group_id or statement_id = $statement_id) and release_id <> $release_id
