"""The status of a warehouse for people and monitors: what is published, how fresh and how good it is."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import duckdb

from flows.errors import Refused, explain
from flows.load.database import connect, dicts
from flows.load.guards import list_overdue_names
from flows.load.lock import has_schedule_died, is_running
from flows.load.state import Published, inputs_digest, read_published, read_push
from flows.serve.query import open_published
from flows.settings import Settings


@dataclass(slots=True)
class Status:
    """The health of a warehouse.

    `state` is healthy if the published build is what the archive, the seeds and the code would give now, as far as the
    last look at the archive knows; degraded if readers have a good build but `problems` says why it may not be the
    newest; failing if the published build itself is not what a refresh published.
    """

    build: dict[str, Any]
    reconciliation: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    checked_earlier: int  # checks that ran on an earlier build with the same statements
    allowed: list[dict[str, Any]]  # what the guards saw that the operator let pass when the build was published
    last_run: dict[str, Any] | None
    checked_at: datetime | None  # UTC: when a refresh last looked for changes in the archive
    taken_back: str | None = None  # the builds after the published one, which rollbacks withdrew
    problems: list[str] = field(default_factory=list)
    is_failing: bool = False

    @property
    def state(self) -> Literal["healthy", "degraded", "failing"]:
        """Return the health in one word."""
        return "failing" if self.is_failing else "degraded" if self.problems else "healthy"


def read_status(settings: Settings) -> Status:
    """Return the status from the published file, its record and the log of runs.

    Raises:
        Refused: nothing is published.
        Unusable: the published file cannot be opened.
    """
    if not settings.published.exists():
        raise Refused(f"There is no warehouse at {settings.published}: run `beehive refresh` first.")
    with open_published(settings.published) as connection:
        (build,) = dicts(connection, "from main.build_info")
        results = dicts(connection, "from meta.check_result order by check_name")
        status = Status(
            build=build,
            reconciliation=dicts(connection, "from meta.reconciliation order by content_type"),
            warnings=[
                {name: one[name] for name in ("check_name", "failing_count", "description")}
                for one in results
                if not one["is_passed"]
            ],
            checked_earlier=sum(one.get("build_id", build["build_id"]) != build["build_id"] for one in results),
            allowed=_allowed(connection),
            last_run=_read_last_run(settings.staging),
            checked_at=None,
        )
        exact_days = _count_exact_days(connection)
        overdue = list_overdue_names(connection, settings.review_within_days, datetime.now(UTC))
    if not status.build["is_balanced"]:
        status.is_failing = True
        status.problems.append("the files of the archive and the loaded rows do not add up: see meta.reconciliation")
    published = read_published(settings.warehouse)
    if published is None:
        status.is_failing = True
        status.problems.append(
            f"{settings.published} or the Parquet files beside it are not what the last refresh published: run "
            "`beehive refresh`"
        )
    else:
        status.checked_at = datetime.fromisoformat(published.checked_at)
        withdrawn = [one["build_id"] for one in published.withdrawn if one["build_id"] > published.build_id]
        status.taken_back = ", ".join(withdrawn) or None
        status.problems.extend(_problems(settings, published, status))
        most = published.measures.get("exact_days", {}).get("all years", 0)
        if exact_days is not None and exact_days < most:
            status.problems.append(
                f"{most - exact_days:,} of {most:,} exact days are gone: mend the index of publication times, or accept"
                " the loss with `beehive refresh --rebuild --allow exact_days_lost`"
            )
    status.problems.extend(_push_problems(settings, status.build["build_id"]))
    if overdue:
        status.problems.append(
            f"{len(overdue)} names have awaited review for more than {settings.review_within_days:g} days, first "
            f"{overdue[0]!r}: decide with `beehive review`"
        )
    if has_schedule_died(settings.warehouse):
        status.problems.append("`beehive schedule` was started for this folder and has died: start it again")
    return status


def _problems(settings: Settings, published: Published, status: Status) -> Iterator[str]:
    """Yield why the published build may not be what the archive, the seeds and the code would give now."""
    hours = (datetime.now(UTC) - datetime.fromisoformat(published.checked_at)).total_seconds() / 3600
    if hours > settings.stale_after_hours:
        yield (
            f"the archive was last checked {hours:.0f} hours ago (limit {settings.stale_after_hours:.0f}): check that "
            "the schedule runs"
        )
    elif hours < -1:
        yield (
            f"the archive was last checked at {published.checked_at}, which is in the future: check the clock, then "
            "run `beehive refresh`"
        )
    if status.taken_back:
        yield f"{status.taken_back} was withdrawn by a rollback: refresh publishes once the archive changes"
    else:
        try:
            if published.inputs_digest != inputs_digest():
                yield "seeds, SQL, code or libraries have changed since this build: run `beehive refresh`"
        except OSError as error:
            yield f"a seed or SQL file cannot be read: {explain(error)}"
    if published.failure:
        yield f"the last run {published.failure}"
    elif failure := _unrecorded_failure(published, status.last_run):
        yield f"the last run {failure}"
    elif published.begun and not is_running(settings.warehouse):
        yield f"a refresh to {published.begun[:12]} was killed: run `beehive refresh`"


def _push_problems(settings: Settings, build_id: str) -> Iterator[str]:
    """Yield why the server that builds are pushed to may not show this one, as far as the record of pushes knows."""
    if settings.push_target:
        record = read_push(settings.warehouse)
        if record is None or record.target != settings.push_target:
            yield f"this build was never pushed to {settings.push_target}: run `beehive push`"
        elif record.failure or record.build_id != build_id:
            yield f"{settings.push_target} may show {record.build_id or 'no build'}, because the last push " + (
                f"failed: {record.failure} Run `beehive push`"
                if record.failure
                else "was before this build: run `beehive push`"
            )


def _unrecorded_failure(published: Published, last_run: dict[str, Any] | None) -> str | None:
    """Return how the last run in the log failed if it began after the last look at the archive on record.

    The record of that run could not be written then.
    """
    checked_at = datetime.fromisoformat(published.checked_at).astimezone(UTC).replace(tzinfo=None)
    if last_run and last_run["started_at"] > checked_at and last_run["outcome"] in ("failed", "refused", "interrupted"):
        return f"{last_run['outcome']}: {last_run['message']}"
    return None


def _count_exact_days(connection: duckdb.DuckDBPyConnection) -> int | None:
    """Return the number of releases whose day comes from the index; None for a build of an earlier version."""
    with suppress(duckdb.CatalogException):
        found = dicts(connection, "select row_count from meta.measure where measure = 'exact_days'")
        return int(sum(one["row_count"] for one in found))
    return None


def _allowed(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return what the operator let pass the guards when this build was published."""
    with suppress(duckdb.CatalogException):  # a build of an earlier version
        return dicts(
            connection,
            "select guard_name, subject, seen_count, base_count from meta.guard "
            "where is_allowed and seen_count > 0 order by all",
        )
    return []


def _read_last_run(path: Path) -> dict[str, Any] | None:
    """Return the last run in the log; None if there is none, or while a refresh has the file open."""
    if not path.exists():
        return None
    try:
        with connect(path, read_only=True) as connection:
            runs = dicts(connection, "from run order by rowid desc limit 1")
    except duckdb.Error:
        return None
    return runs[0] if runs else None
