-- description: What this build was made from; one row.
-- grain: build_id
-- column build_id: Id of the build: its start time in UTC and the first characters of source_state.
-- column built_at: Time when the build was started, UTC.
-- column source_kind: Kind of source: git or directory.
-- column source_location: Address of the archive, without credentials.
-- column source_state: Commit of the archive, or a digest of the file list when the source is a directory.
-- column source_committed_at: Time of the commit in source_state, UTC; NULL when the source is a directory.
-- column index_location: Address of the index of publication times, without credentials; NULL if none is used.
-- column index_state: Commit of the index of publication times, or a digest of it; NULL if none is used.
-- column source_history: How this state of the archive follows the one loaded in the previous build: continued (the
--     history contains that commit), went_back (to an earlier commit) or rewritten (that commit is no longer in the
--     history); NULL for a directory, a first build or another source.
-- column inputs_digest: Digest of the seeds, SQL, code and libraries; together with source_state and index_state it
--     determines every row of core and main.
-- column code_version: Version of this program that made the build.
-- column duckdb_version: Version of the DuckDB library that wrote the file.
-- column storage_version: Oldest DuckDB version that can read the file.
-- column increment_number: Number of incremental builds since the last full one; 0 for a full build.
-- column full_build_reason: Why everything was built anew; NULL for an incremental build.
-- column touched_count: Number of releases of which rows were computed anew; NULL for a full build.
-- column release_count: Number of rows in core.fact_release.
create table meta.build (
    build_id varchar primary key,
    built_at timestamp not null,
    source_kind varchar not null,
    source_location varchar not null,
    source_state varchar not null,
    source_committed_at timestamp,
    index_location varchar,
    index_state varchar,
    source_history varchar,
    inputs_digest varchar not null,
    code_version varchar not null,
    duckdb_version varchar not null,
    storage_version varchar not null,
    increment_number integer not null,
    full_build_reason varchar,
    touched_count integer,
    release_count bigint not null,
    check ((increment_number = 0) = (full_build_reason is not null)),
    check (source_history in ('continued', 'went_back', 'rewritten'))
);
