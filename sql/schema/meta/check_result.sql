-- description: The data checks run on this build before it was published.
-- grain: check_name
-- column check_name: A sentence; the file under sql/checks, or grain_of_TABLE for a stated grain.
-- column severity: fail (nothing is published) or warn.
-- column is_passed: No row failed.
-- column failing_count: Rows that fail.
-- column failing_rows: Up to ten of them, as JSON.
-- column description: What the check proves.
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
