"""Compare a build with the one before it, and stop the refresh if too much has changed for the worse.

A guard is a file in `sql/guards`: a query for what is gone or worse, with its limit in the header.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb

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
        import polars as pl  # noqa: PLC0415 (`beehive status` reads the names that wait, and needs no polars)

        insert(connection, "meta.guard", pl.DataFrame(results))
    return [one for one in results if not (one.is_passed or one.is_allowed)]


def describe(stopping: list[GuardResult]) -> str:
    """Return why a refresh stopped, by guard: what may be wrong, the figures, and how to let it pass."""
    by_guard: dict[str, list[GuardResult]] = {}
    for one in stopping:
        by_guard.setdefault(one.guard_name, []).append(one)
    reasons = []
    for first, *others in by_guard.values():
        reasons.append(
            f"{first.description.split('. ')[0].rstrip('.')}. Seen: {first.seen_count:,} of {first.base_count:,} "
            f"({first.subject}); up to {first.limit_count:,} are accepted."
            + (f" {len(others)} more are above their limits." if others else "")
        )
    flags = " ".join(f"--allow {name}" for name in by_guard)
    return f"{' '.join(reasons)} Check the source; if it is right, run again with {flags}."


def list_overdue_names(connection: duckdb.DuckDBPyConnection, days: float | None, now: datetime) -> list[str]:
    """Return the printed names that have awaited review for more than some days.

    The time counts from when the archive first had the name, or from its first release if that is not known.

    Args:
        connection: to a build.
        days: how long a name may wait; None for no limit.
        now: UTC.
    """
    if days is None:
        return []
    overdue = connection.execute(
        "select printed_as from meta.name_review where coalesce(first_seen_at, first_release_date) < $1 order by all",
        [now.replace(tzinfo=None) - timedelta(days=days)],
    ).fetchall()
    return [name for (name,) in overdue]
