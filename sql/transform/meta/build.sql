-- description: The single row that describes what this build was made from.
-- scope: whole
insert into meta.build by name
select
    build.build_id,
    build.built_at,
    build.source_kind,
    build.source_location,
    build.source_state,
    build.source_committed_at,
    build.index_location,
    build.index_state,
    build.source_history,
    build.inputs_digest,
    build.code_version,
    build.duckdb_version,
    build.storage_version,
    build.increment_number,
    build.full_build_reason,
    (select count(*) from core.fact_release) as release_count
from work.build;
