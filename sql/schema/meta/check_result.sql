-- description: Results of the data checks, which run on a build before it is published. A build that continues the one
--     before takes over the grains of most views: they follow from the grains of the tables, which are checked, as long
--     as the statements stay the same.
-- grain: check_name
-- column check_name: Name of the check: a file under sql/checks, or grain_of_TABLE or references_of_TABLE for what the
--     header of a table or view states.
-- column severity: What a failure means: fail (the build is not published) or warn (it is published, but somebody
--     should look).
-- column is_passed: True if the check found no failing row.
-- column failing_count: Number of rows that fail the check.
-- column failing_rows: Up to ten of the failing rows, as JSON.
-- column description: What is wrong if the check finds failing rows.
-- column build_id: Build on which the check ran: this one, or an earlier one with the same statements.
create table meta.check_result (
    check_name varchar primary key,
    severity varchar not null,
    is_passed boolean not null,
    failing_count bigint not null,
    failing_rows varchar not null,
    description varchar not null,
    build_id varchar not null,
    check (severity in ('fail', 'warn')),
    check (is_passed = (failing_count = 0))
);
