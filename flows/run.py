"""One run of the stages: how a stage is run, where progress is reported, and the outcome."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol, TypeVar

Result = TypeVar("Result")
StageName = Literal["extract", "parse", "normalise", "load", "check", "publish", "push"]


class RunStage(Protocol):
    """A way to run a stage: in this process, or as a Prefect task."""

    def __call__(self, name: StageName, stage: Callable[[], Result]) -> Result:
        """Run a stage under its name and return its result."""
        ...


class Reporter(Protocol):
    """Where a run reports its progress."""

    def line(self, text: str) -> None:
        """Report one event, with its numbers."""
        ...

    def progress(self, name: StageName, done: int, total: int) -> None:
        """Report how many of the items of a long stage are done."""
        ...


@dataclass(frozen=True, slots=True)
class Change:
    """One release that a refresh added, edited, renamed or removed."""

    change: str
    path: str
    title: str
    what_changed: str | None  # such as "title, date"; None if added, removed or only renamed


@dataclass(frozen=True, slots=True)
class CheckWarning:
    """A check that found rows to look at, without stopping the refresh."""

    check_name: str
    failing_count: int
    description: str


@dataclass(slots=True)
class Outcome:
    """What a refresh did."""

    status: Literal["published", "nothing_new", "dry_run"]
    message: str
    build_id: str
    source_state: str
    release_count: int = 0
    quarantined_count: int = 0
    excluded_count: int = 0
    changes: dict[str, int] = field(default_factory=dict)  # count of releases added, edited, renamed, removed
    changed: list[Change] = field(default_factory=list, repr=False)  # the first few
    warnings: list[CheckWarning] = field(default_factory=list)
    check_count: int = 0
    names_to_review: int = 0
    source_committed_at: datetime | None = None  # UTC; None for a directory
    latest_release_date: date | None = None
    stage_seconds: dict[str, float] = field(default_factory=dict)


def run_plainly(name: StageName, stage: Callable[[], Result]) -> Result:  # noqa: ARG001
    """Run a stage in this process."""
    return stage()


class StageRunner:
    """A runner of stages that records the wall seconds of each."""

    def __init__(self, report: Reporter, run_stage: RunStage) -> None:
        self.report = report
        self.seconds: dict[str, float] = {}
        self._run_stage = run_stage

    def run(self, name: StageName, stage: Callable[[], Result]) -> Result:
        """Run a stage and record its wall seconds."""
        start = time.perf_counter()
        try:
            return self._run_stage(name, stage)
        finally:
            self.seconds[name] = round(time.perf_counter() - start, 3)


@dataclass(slots=True)
class Run:
    """One entry in the log of runs, which leaves out runs that found nothing new."""

    started_at: datetime
    run_id: str
    location: str
    state: str | None = None
    build_id: str = ""  # empty until the run has something to build
