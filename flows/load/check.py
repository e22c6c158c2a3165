"""Data checks on a build: queries that select failing rows. A failed check of severity `fail` stops the publication."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import duckdb
import polars as pl

from flows.errors import Refused
from flows.load import sqlfiles
from flows.load.database import insert, run_in_parallel

_SHOWN = 10  # failing rows stored for each check


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Result of one check."""

    name: str
    severity: str
    description: str
    failing_count: int
    failing_rows: list[str] = field(repr=False)  # the first ten, each as JSON

    @property
    def is_passed(self) -> bool:
        """Return True if no row fails."""
        return self.failing_count == 0


class ChecksFailed(Refused):
    """Checks on the data failed; `failed` holds their results."""

    def __init__(self, message: str, failed: list[CheckResult]) -> None:
        super().__init__(message)
        self.failed = failed


def check(connection: duckdb.DuckDBPyConnection) -> list[CheckResult]:
    """Run every check, prove every stated grain and reference, and store the results in meta.check_result."""
    checks = {one.name: one for one in _checks()}
    found: dict[str, CheckResult] = {}

    def run(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
        found[name] = _run(cursor, checks[name])

    run_in_parallel(connection, dict.fromkeys(checks, ()), run)
    results = [found[name] for name in checks]
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
    """Return the failed checks that prevent publication of the build."""
    return [result for result in results if result.severity == "fail" and not result.is_passed]


def warnings(results: list[CheckResult]) -> list[CheckResult]:
    """Return the failed checks that only warn: somebody should look at their rows."""
    return [result for result in results if result.severity == "warn" and not result.is_passed]


@dataclass(frozen=True, slots=True)
class _Check:
    name: str
    severity: str
    description: str
    statement: str  # selects failing rows


def _checks() -> Iterator[_Check]:
    for file in sqlfiles.checks():
        yield _Check(file.name, file.severity, file.description, file.statement)
    for file in (*sqlfiles.tables(), *sqlfiles.views()):
        if file.grain and not file.unchecked:
            description = f"{file.qualified} has several rows of the same {', '.join(file.grain)}; it must have one."
            yield _Check(f"grain_of_{file.name}", "fail", description, sqlfiles.grain_check(file))
        if file.foreign_key:
            column, _, table = file.foreign_key.partition(" in ")
            description = f"{file.qualified} has rows whose {column} is not in {table}."
            yield _Check(f"references_of_{file.name}", "fail", description, sqlfiles.reference_check(file))


def _run(connection: duckdb.DuckDBPyConnection, check: _Check) -> CheckResult:
    rows = connection.execute(
        f"select count(*) over (), to_json(failing)::varchar from ({check.statement}) as failing limit {_SHOWN}"  # noqa: S608
    ).fetchall()
    failing = [row for _, row in rows]
    return CheckResult(check.name, check.severity, check.description, rows[0][0] if rows else 0, failing)
