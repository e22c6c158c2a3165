-- description: What this build was made from; one row.
-- grain: build_id
-- column build_id: Start time in UTC and the first characters of the source state.
-- column built_at: When the build was started, UTC.
-- column source_kind: git or directory.
-- column source_location: The archive, without credentials.
-- column source_state: Commit, or digest of a directory's listing.
-- column source_committed_at: Time of that commit, UTC; NULL for a directory.
-- column index_location: The index of publication times, without credentials; NULL where none is used.
-- column index_state: Its commit, or a digest; NULL where none is used.
-- column source_history: How the state goes on from the build before: continued (it holds that commit, or is it),
--     went_back (to an earlier commit) or rewritten (that commit is in the history no more); NULL for a directory, a
--     first build and another source.
-- column inputs_digest: Digest of the seeds, the SQL, the code and the libraries: with source_state and index_state
--     it determines
--     every row of core and main.
-- column code_version: Version of this program.
-- column duckdb_version: Library that wrote the file.
-- column storage_version: Oldest DuckDB that reads the file.
-- column release_count: Rows of core.fact_release.
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
    release_count bigint not null,
    check (source_history in ('continued', 'went_back', 'rewritten'))
);
