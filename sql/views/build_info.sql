-- description: Which build this is, and how fresh, complete and correct it is: one row, for dashboards.
-- grain: build_id
-- metric last_built_at: max(built_at): Time when the build was started, UTC; not additive.
-- metric last_release_date: max(latest_release_date): Latest date of a release; not additive.
-- column build_id: Id of the build: its start time in UTC and the first characters of source_state.
-- column built_at: Time when the build was started, UTC.
-- column source_location: Address of the archive, without credentials.
-- column source_state: Commit of the archive, or a digest of the file list when the source is a directory.
-- column source_committed_at: Time of the commit in source_state, UTC; NULL when the source is a directory.
-- column latest_release_date: Latest nz_date of all releases; NULL if all are undated.
-- column file_count: Number of files that the archive lists, inside and outside its content folders.
-- column release_count: Number of releases in the warehouse.
-- column quarantined_count: Number of files quarantined because they break a rule.
-- column excluded_count: Number of files excluded by a named rule because they are not releases.
-- column is_balanced: True if every file of the archive is loaded, quarantined or excluded.
-- column check_count: Number of data checks with a result; meta.check_result says on which build each of them ran.
-- column warning_count: Number of data checks of severity warn that found failing rows.
-- column name_to_review_count: Number of printed names that await a decision.
-- column increment_number: Number of incremental builds since the last full one; 0 for a full build.
-- column full_build_reason: Why everything was built anew; NULL for an incremental build.
-- column touched_count: Number of releases of which rows were computed anew; NULL for a full build.
-- column code_version: Version of this program that made the build.
create or replace view main.build_info as
with files as (
    select
        sum(file_count)::bigint as file_count,
        sum(quarantined_count)::bigint as quarantined_count,
        sum(excluded_count)::bigint as excluded_count,
        bool_and(is_balanced) as is_balanced
    from meta.reconciliation
),

checks as (
    select
        count(*) as check_count,
        count(*) filter (where not is_passed) as warning_count
    from meta.check_result
),

latest as (
    select max(nz_date) as latest_release_date
    from core.fact_release
),

names as (
    select count(*) as name_to_review_count
    from main.names_to_review
)

select
    build.build_id,
    build.built_at,
    build.source_location,
    build.source_state,
    build.source_committed_at,
    latest.latest_release_date,
    files.file_count,
    build.release_count,
    files.quarantined_count,
    files.excluded_count,
    files.is_balanced,
    checks.check_count,
    checks.warning_count,
    names.name_to_review_count,
    build.increment_number,
    build.full_build_reason,
    build.touched_count,
    build.code_version
from meta.build
cross join files
cross join checks
cross join latest
cross join names;
