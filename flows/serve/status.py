"""The status of a warehouse for people and monitors: what is published, how fresh and how good it is."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flows.errors import Refused
from flows.load.database import dicts
from flows.load.staging import read_last_run
from flows.load.state import read_published
from flows.serve.query import open_published
from flows.settings import Settings


@dataclass(slots=True)
class Status:
    """The health of a warehouse; `problems` is empty if it is healthy."""

    build: dict[str, Any]
    reconciliation: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    last_run: dict[str, Any] | None
    checked_at: datetime | None  # UTC: when a refresh last looked for changes in the archive
    taken_back: str | None = None  # the builds after the published one, which rollbacks withdrew
    problems: list[str] = field(default_factory=list)

    @property
    def is_healthy(self) -> bool:
        """Return whether nothing is stale, failing or missing."""
        return not self.problems


def read_status(settings: Settings) -> Status:
    """Return the status from the published file, its record and the log of runs.

    Raises:
        Refused: nothing is published.
        Unusable: the published file cannot be opened.
    """
    if not settings.published.exists():
        raise Refused(f"There is no warehouse at {settings.published}: run `beehive refresh` first.")
    with open_published(settings.published) as connection:
        status = Status(
            build=dicts(connection, "from main.build_info")[0],
            reconciliation=dicts(connection, "from meta.reconciliation order by content_type"),
            warnings=dicts(
                connection,
                "select check_name, failing_count, description from meta.check_result where not is_passed order by all",
            ),
            last_run=read_last_run(settings.staging),
            checked_at=None,
        )
    published = read_published(settings.warehouse)
    if published is None:
        status.problems.append(
            f"{settings.published} is not the file that the last refresh published: run `beehive refresh`"
        )
    else:
        status.checked_at = datetime.fromisoformat(published.checked_at)
        withdrawn = [one["build_id"] for one in published.withdrawn if one["build_id"] > published.build_id]
        status.taken_back = ", ".join(withdrawn) or None
        hours = (datetime.now(UTC) - status.checked_at).total_seconds() / 3600
        if hours > settings.stale_after_hours:
            status.problems.append(
                f"the archive was last checked {hours:.0f} hours ago (limit {settings.stale_after_hours:.0f}): check "
                "that the schedule runs"
            )
        if published.failure:
            status.problems.append(f"the last run {published.failure}")
    if not status.build["is_balanced"]:
        status.problems.append("the files of the archive and the loaded rows do not add up: see meta.reconciliation")
    return status
