"""Data checks on a build: SQL that selects failing rows. A failed `fail` check stops the publication."""

from dataclasses import dataclass, field

import duckdb
import polars as pl

from flows import sqlfiles
from flows.database import insert
from flows.sqlfiles import SqlFile

_SHOWN = 10  # failing rows kept of each check


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How one check went."""

    name: str
    severity: str
    description: str
    failing_count: int
    failing_rows: list[str] = field(repr=False)  # the first, each as JSON

    @property
    def is_passed(self) -> bool:
        """No row fails."""
        return self.failing_count == 0


def check(connection: duckdb.DuckDBPyConnection) -> list[CheckResult]:
    """Runs every check and every stated grain and reference, and stores the results in meta.check_result."""
    results = [
        _run(connection, file.name, file.severity, file.description, file.statement) for file in sqlfiles.checks()
    ]
    results += [_run_grain(connection, file) for file in (*sqlfiles.tables(), *sqlfiles.views()) if file.grain]
    results += [_run_reference(connection, file) for file in sqlfiles.tables() if file.foreign_key]
    insert(
        connection,
        "meta.check_result",
        pl.DataFrame(
            {
                "check_name": [result.name for result in results],
                "severity": [result.severity for result in results],
                "is_passed": [result.is_passed for result in results],
                "failing_count": [result.failing_count for result in results],
                "failing_rows": [f"[{', '.join(result.failing_rows)}]" for result in results],
                "description": [result.description for result in results],
            }
        ),
    )
    return results


def failures(results: list[CheckResult]) -> list[CheckResult]:
    """The checks that forbid publishing this build."""
    return [result for result in results if result.severity == "fail" and not result.is_passed]


def warnings(results: list[CheckResult]) -> list[CheckResult]:
    """The checks that somebody should look at."""
    return [result for result in results if result.severity == "warn" and not result.is_passed]


def _run_grain(connection: duckdb.DuckDBPyConnection, file: SqlFile) -> CheckResult:
    description = f"{file.qualified} has one row per {', '.join(file.grain)}."
    return _run(connection, f"grain_of_{file.name}", "fail", description, sqlfiles.grain_check(file))


def _run_reference(connection: duckdb.DuckDBPyConnection, file: SqlFile) -> CheckResult:
    description = f"Every {file.foreign_key.replace(' in ', f' of {file.qualified} is in ')}."
    return _run(connection, f"references_of_{file.name}", "fail", description, sqlfiles.reference_check(file))


def _run(
    connection: duckdb.DuckDBPyConnection, name: str, severity: str, description: str, statement: str
) -> CheckResult:
    rows = connection.execute(
        f"select count(*) over (), to_json(failing)::varchar from ({statement}) as failing limit {_SHOWN}"  # noqa: S608
    ).fetchall()
    return CheckResult(name, severity, description, rows[0][0] if rows else 0, [row for _, row in rows])
