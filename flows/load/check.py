"""Run the data checks on a build: queries that select failing rows. Severity `fail` prevents publication."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import duckdb
import polars as pl

from flows.errors import Refused
from flows.load import sqlfiles
from flows.load.database import insert, literal, one_row, run_in_parallel

_ROWS_STORED = 10  # failing rows of each check


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Result of one check."""

    name: str
    severity: str  # fail or warn
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


def check(connection: duckdb.DuckDBPyConnection, *, is_incremental: bool = False) -> list[CheckResult]:
    """Run every check, and check every stated grain and reference; store the results in meta.check_result.

    Args:
        connection: to a filled build.
        is_incremental: the build began as a copy of the one before, with the same statements. Then the grains of views
            that follow from those of tables are not checked again; their results stay in meta.check_result.

    Returns:
        The results of the checks that ran.
    """
    checks = {one.name: one for one in _list_checks()}
    if is_incremental:
        follow = {_grain_check(file) for file in sqlfiles.views() if not file.rechecked}
        known = connection.execute("select check_name from meta.check_result where is_passed").fetchall()
        checks = {name: checks[name] for name in checks if name not in follow or (name,) not in known}
    names = ", ".join(map(literal, checks))
    connection.execute(f"delete from meta.check_result where check_name in ({names})")  # noqa: S608
    (build_id,) = one_row(connection, "select build_id from meta.build")
    by_name: dict[str, CheckResult] = {}

    def run(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
        by_name[name] = _run_check(cursor, checks[name])

    run_in_parallel(connection, dict.fromkeys(checks, ()), run)
    results = [by_name[name] for name in checks]
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
                "build_id": build_id,
            }
        ),
    )
    return results


def failures(results: list[CheckResult]) -> list[CheckResult]:
    """Return the failed checks that prevent publication of the build."""
    return [result for result in results if result.severity == "fail" and not result.is_passed]


def warnings(results: list[CheckResult]) -> list[CheckResult]:
    """Return the failed checks that do not prevent publication, but whose rows somebody should look at."""
    return [result for result in results if result.severity == "warn" and not result.is_passed]


@dataclass(frozen=True, slots=True)
class _Check:
    name: str
    severity: str
    description: str
    statement: str  # selects failing rows


def _list_checks() -> Iterator[_Check]:
    for file in sqlfiles.checks():
        yield _Check(file.name, file.severity, file.description, file.statement)
    for file in (*sqlfiles.tables(), *sqlfiles.views()):
        if file.grain and not file.unchecked:
            description = f"{file.qualified} has several rows of the same {', '.join(file.grain)}; it must have one."
            yield _Check(_grain_check(file), "fail", description, sqlfiles.query_repeated_keys(file))
        if file.foreign_key:
            column, _, table = file.foreign_key.partition(" in ")
            description = f"{file.qualified} has rows whose {column} is not in {table}."
            yield _Check(f"references_of_{file.name}", "fail", description, sqlfiles.query_missing_references(file))


def _grain_check(file: sqlfiles.SqlFile) -> str:
    return f"grain_of_{file.name}"


def _run_check(connection: duckdb.DuckDBPyConnection, check: _Check) -> CheckResult:
    rows: list[tuple[int, str]] = []
    if connection.execute(f"from ({check.statement}) limit 1").fetchall():  # most checks pass, and JSON takes a while
        rows = connection.execute(
            f"select count(*) over (), to_json(failing)::varchar from ({check.statement}) as failing "  # noqa: S608
            f"limit {_ROWS_STORED}"
        ).fetchall()
    failing = [row for _, row in rows]
    return CheckResult(check.name, check.severity, check.description, rows[0][0] if rows else 0, failing)
