"""What is published, how fresh and how good: for people, and for a monitor."""

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
    """The health of a warehouse; `problems` is empty when all is well."""

    build: dict[str, Any]
    reconciliation: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    last_run: dict[str, Any] | None
    checked_at: datetime | None  # UTC: when the archive was last looked at
    taken_back: str | None = None  # the build that a rollback took back
    problems: list[str] = field(default_factory=list)

    @property
    def is_healthy(self) -> bool:
        """Nothing is stale, failing or missing."""
        return not self.problems


def read_status(settings: Settings) -> Status:
    """Reads the published file, the log of runs and what the last refresh noted beside them.

    Raises:
        Refused: nothing is published.
        Unusable: the published file cannot be opened.
    """
    if not settings.published.exists():
        raise Refused(f"There is no warehouse at {settings.published}: run `beehive refresh` first.")
    with open_published(settings.published) as connection:
        found = Status(
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
        found.problems.append(
            f"{settings.published} is not the file that the last refresh published: run `beehive refresh`"
        )
    else:
        found.checked_at = datetime.fromisoformat(published.checked_at)
        found.taken_back = published.withdrawn["build_id"] if published.withdrawn else None
        hours = (datetime.now(UTC) - found.checked_at).total_seconds() / 3600
        if hours > settings.stale_after_hours:
            found.problems.append(
                f"the archive was last looked at {hours:.0f} hours ago (limit {settings.stale_after_hours:.0f}): "
                "see whether the schedule runs"
            )
        if published.failure:
            found.problems.append(f"the last run {published.failure}")
    if not found.build["is_balanced"]:
        found.problems.append("files and rows do not balance: see meta.reconciliation")
    return found
