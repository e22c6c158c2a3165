-- description: Which build this is, how fresh, how complete and how good; one row, for dashboards.
-- grain: build_id
-- metric last_built_at: max(built_at): When the build was made, UTC; not additive.
-- metric last_release_date: max(latest_release_date): The latest day of a release; not additive.
-- column build_id: Start time in UTC and the first characters of the source state.
-- column built_at: UTC.
-- column source_location: The archive, without credentials.
-- column source_state: Commit, or digest of a directory's listing.
-- column source_committed_at: Time of that commit, UTC; NULL for a directory.
-- column latest_release_date: Latest nz_date.
-- column file_count: Files the archive lists in content folders and outside.
-- column release_count: Rows of releases.
-- column quarantined_count: Files set aside.
-- column excluded_count: Files excluded by a named rule.
-- column is_balanced: Every file is loaded, quarantined or excluded.
-- column check_count: Data checks run.
-- column warning_count: Of those, checks that warn.
-- column name_to_review_count: Printed names that await a decision.
-- column code_version: Version of the program.
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
    build.code_version
from meta.build
cross join files
cross join checks
cross join latest
cross join names;
