-- description: Results of the data checks that ran on this build before it was published.
-- grain: check_name
-- column check_name: Name of the check: a file under sql/checks, or grain_of_TABLE or references_of_TABLE for what the
--     header of a table or view states.
-- column severity: What a failure means: fail (the build is not published) or warn (it is published, but somebody
--     should look).
-- column is_passed: True if the check found no failing row.
-- column failing_count: Number of rows that fail the check.
-- column failing_rows: Up to ten of the failing rows, as JSON.
-- column description: What is wrong if the check finds failing rows.
create table meta.check_result (
    check_name varchar primary key,
    severity varchar not null,
    is_passed boolean not null,
    failing_count bigint not null,
    failing_rows varchar not null,
    description varchar not null,
    check (severity in ('fail', 'warn')),
    check (is_passed = (failing_count = 0))
);
