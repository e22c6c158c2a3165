"""Compare a build with the one before it, and stop the refresh if too much has changed for the worse.

A guard is a file in `sql/guards`: a query for what is gone or worse, with its limit in the header.
"""

from dataclasses import dataclass

import duckdb
import polars as pl

from flows.load import sqlfiles
from flows.load.database import insert


@dataclass(frozen=True, slots=True)
class GuardResult:
    """What a guard saw of one subject: a row of meta.guard."""

    guard_name: str
    subject: str  # a year, a seed, or the whole archive
    seen_count: int  # releases or rows that are gone or worse
    base_count: int  # of how many
    limit_count: int  # the most that does not stop the refresh
    is_passed: bool
    is_allowed: bool  # by the operator, for this refresh
    description: str


def run_guards(connection: duckdb.DuckDBPyConnection, allowed: frozenset[str]) -> list[GuardResult]:
    """Run every guard on a filled build, and store what they saw in meta.guard.

    Args:
        connection: the connection that `star.new_build` opened, after `star.fill`.
        allowed: names of the guards that the operator lets pass.

    Returns:
        The results that stop the refresh.
    """
    results = []
    for file in sqlfiles.guards():
        for subject, seen, base in connection.execute(file.statement).fetchall():
            limit = max(file.floor, int(file.limit * base))
            results.append(
                GuardResult(
                    file.name, subject, seen, base, limit, seen <= limit, file.name in allowed, file.description
                )
            )
    if results:
        insert(connection, "meta.guard", pl.DataFrame(results))
    return [one for one in results if not (one.is_passed or one.is_allowed)]


def describe(stopping: list[GuardResult]) -> str:
    """Return why a refresh stopped, by guard: what may be wrong, the figures, and how to let it pass."""
    by_guard: dict[str, list[GuardResult]] = {}
    for one in stopping:
        by_guard.setdefault(one.guard_name, []).append(one)
    reasons = [
        f"{found[0].description.split('. ')[0].rstrip('.')}. Seen: {found[0].seen_count:,} of {found[0].base_count:,} ({found[0].subject}); up to "
        f"{found[0].limit_count:,} are accepted."
        + (f" {len(found) - 1} more are above their limits." if len(found) > 1 else "")
        for found in by_guard.values()
    ]
    flags = " ".join(f"--allow {name}" for name in by_guard)
    return f"{' '.join(reasons)} Check the source; if it is right, run again with {flags}."
