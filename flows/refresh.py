"""The Prefect flow: the stages of `flows.pipeline` as tasks, with the artifacts that Prefect shows of a run.

A run takes its settings from `run_flow` or from the environment of its worker. Its parameters are only those that
everybody who can ask for a run may choose: they name no folder and pass no safeguard.
"""

import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import quote
from uuid import UUID

import httpx
from prefect import flow, get_run_logger, runtime, task
from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.assets import Asset, AssetProperties, materialize
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.events import emit_event
from prefect.events.worker import EventsWorker
from prefect.states import Completed

from flows import pipeline, verify
from flows.errors import BeehiveError, Refused, Unreachable
from flows.extract.address import redact
from flows.load.check import ChecksFailed
from flows.load.star import Names
from flows.load.state import Published
from flows.pipeline import Extracted
from flows.push.push import Pushed, push_published
from flows.run import Outcome, Reporter, Result, StageName
from flows.schedule import server
from flows.serve.shown import as_markdown
from flows.settings import Settings, read_settings
from flows.stages import Listing
from flows.verify import Verified

# For extract and push alone: only the network, git and another server can fail temporarily.
_RETRIES: dict[str, Any] = {"retries": 3, "retry_delay_seconds": [10, 60, 300], "retry_jitter_factor": 0.5}
_PROGRESS_INTERVAL = 2.0  # seconds between two updates of the progress bar
_MAX_KEY_LENGTH = 512  # characters; Prefect's limit for the key of an asset
Shown = TypeVar("Shown")


@dataclass(slots=True)
class _Call:
    """A run in the process of the command line: what it was given besides the parameters, and what it did."""

    settings: Settings
    allow: frozenset[str]  # names of the guards to let pass
    outcome: Outcome | None = None


_call: ContextVar[_Call | None] = ContextVar("call", default=None)


class _FlowReporter:
    """A reporter to the log of the flow run, with a progress bar among its artifacts."""

    def __init__(self) -> None:
        self._bar: UUID | None = None
        self._updated_at = 0.0
        self._is_lost = False

    def line(self, text: str) -> None:
        get_run_logger().info(text)

    def progress(self, name: StageName, done: int, total: int) -> None:
        now = time.monotonic()
        if done < total and now - self._updated_at < _PROGRESS_INTERVAL:
            return
        self._updated_at = now
        percent, text, bar = 100 * done / total, f"{name}: {done:,} of {total:,}", self._bar
        if bar is None:
            created = self.show(lambda: create_progress_artifact(percent, key="refresh-progress", description=text))
            self._bar = cast("UUID | None", created)
        else:
            self.show(lambda: update_progress_artifact(bar, percent, description=text))

    def show(self, create: Callable[[], Shown]) -> Shown | None:
        """Create something that Prefect shows; if its server is lost, report that once and go on without."""
        if self._is_lost:
            return None
        try:
            return create()
        except httpx.HTTPError as error:
            self._is_lost = True
            get_run_logger().warning("The Prefect server is lost (%s): the refresh goes on.", type(error).__name__)
            return None


class _TaskRunner:
    """A runner of each stage as a task; the result is passed on in memory and never stored.

    The parse task writes the staging file, and the publish task the warehouse and its Parquet files. Prefect records
    these as assets, with what they were made from, the run, and the number of rows.
    """

    def __init__(self, settings: Settings) -> None:
        self.rows: list[dict[str, Any]] = []  # one per stage, for the artifact refresh-stages
        archive = Asset(key=_asset_key(settings.source))
        staging = _asset(
            settings.staging, "Releases as read", "Private: the cache of parsed files and the log of runs."
        )
        published = [
            _asset(settings.published, "Warehouse", "The star schema and its views, for DuckDB and BI tools."),
            _asset(settings.parquet, "Parquet", "Every table and public view as Parquet."),
        ]
        self._outputs_and_inputs: dict[StageName, tuple[list[Asset], list[Asset | str]]] = {
            "parse": ([staging], [archive]),
            "publish": (published, [staging]),
        }

    def __call__(self, name: StageName, stage: Callable[[], Result]) -> Result:
        outputs, inputs = self._outputs_and_inputs.get(name, ([], []))

        def run() -> Result:
            start = time.perf_counter()
            result = stage()
            facts = _facts(result)
            for asset in outputs:
                asset.add_metadata(facts)
            seconds = round(time.perf_counter() - start, 1)
            self.rows.append({"stage": name, "seconds": seconds, "result": _as_text(facts)})
            return result

        options: dict[str, Any] = {"name": name, "cache_policy": NO_CACHE, "persist_result": False}
        if name in ("extract", "push"):
            options |= {**_RETRIES, "retry_condition_fn": _is_temporary}
        as_task = materialize(*outputs, asset_deps=inputs, **options)(run) if outputs else task(**options)(run)
        result: Result = as_task()
        return result


def _run_name() -> str:
    settings = _settings()
    source = redact(settings.source)
    return f"refresh of {Path(source).name or source} into {settings.warehouse.name}"


@flow(name="refresh", flow_run_name=_run_name, persist_result=False)
def refresh(
    rebuild: bool = False,  # noqa: FBT001, FBT002 (Prefect shows the parameters of a flow as a form)
    dry_run: bool = False,  # noqa: FBT001, FBT002
    verify: bool = False,  # noqa: FBT001, FBT002
) -> Any:
    """Bring the warehouse up to date with the archive: extract, parse, normalise, load, check, publish.

    Args:
        rebuild: Read every file again.
        dry_run: Do everything except publish.
        verify: Afterwards rebuild from scratch in a separate folder and compare.
    """
    return _refresh(rebuild=rebuild, dry_run=dry_run, verify=verify)


def _refresh(*, rebuild: bool, dry_run: bool, verify: bool) -> Any:
    """Refresh, and show in Prefect what was done.

    A worker passes the flow above to the process of a run by value, but this function by name. So each run uses the
    code as it is on disk, not as it was when the worker started.
    """
    settings, call = _settings(), _call.get()
    report, tasks = _FlowReporter(), _TaskRunner(settings)
    try:
        allow = call.allow if call else frozenset()
        outcome = pipeline.refresh(settings, report, tasks, rebuild=rebuild, dry_run=dry_run, allow=allow)
    except ChecksFailed as error:
        rows = [{"check": check.name, "description": check.description, "rows": check.failing_count, "first rows": row}
                for check in error.failed for row in check.failing_rows]  # fmt: skip
        description = str(error)
        report.show(lambda: create_table_artifact(rows, key="refresh-failed-checks", description=description))
        raise
    if call:
        call.outcome = outcome
    report.line(outcome.message)
    run_name = f"refresh {outcome.source_state[:8]}: {outcome.status.replace('_', ' ')}"
    report.show(lambda: _rename(run_name))
    if outcome.status != "nothing_new":
        report.show(lambda: _create_artifacts(settings, outcome, tasks))
    message = outcome.message
    if settings.push_url and outcome.status != "dry_run":
        pushed = tasks("push", lambda: push_published(settings))
        report.line(pushed.message)
    if verify:
        message += f" {len(_verify(settings, report).names)} tables and views equal a rebuild from scratch."
        report.show(lambda: _rename(f"{run_name}, verified"))
    name = "NothingNew" if outcome.status == "nothing_new" else "Completed"
    return Completed(name=name, message=message, data=outcome)


def run_flow(settings: Settings, report: Reporter, *, rebuild: bool, dry_run: bool, allow: frozenset[str]) -> Outcome:
    """Run the flow with these settings; if the Prefect server is lost, finish without it.

    Raises:
        BeehiveError: the refresh failed, or was refused.
    """
    call = _Call(settings, allow)
    token = _call.set(call)
    try:
        return cast("Outcome", refresh(rebuild=rebuild, dry_run=dry_run))
    except BeehiveError:
        raise
    except Exception:  # Prefect raises what it likes; all is raised again unless its server is lost
        address = server.configured()
        if address is None or not (fault := server.fault(address)):
            raise
        report.line(f"the Prefect server at {address} {fault}: its record of this run is incomplete")
        _drop_events()
        outcome = call.outcome or pipeline.refresh(settings, report, rebuild=rebuild, dry_run=dry_run, allow=allow)
        if settings.push_url and outcome.status != "dry_run":
            report.line(push_published(settings).message)
        return outcome
    finally:
        _call.reset(token)


def _drop_events() -> None:
    """Drop the events that Prefect has not sent; it would try to send each of them before the process ends."""
    for worker in EventsWorker._instances.values():  # type: ignore[misc]
        if isinstance(worker, EventsWorker):
            with worker._queue.mutex:
                worker._queue.queue.clear()


def summary(outcome: Outcome) -> str:
    """Return what a refresh did as Markdown, for the artifact refresh-summary."""
    lines = [
        f"# {outcome.status.replace('_', ' ').capitalize()}",
        "",
        outcome.message,
        "",
        "| | |",
        "| --- | ---: |",
        f"| build | `{outcome.build_id}` |",
        f"| source state | `{outcome.source_state[:12]}` |",
        f"| source committed, UTC | {outcome.source_committed_at or 'unknown'} |",
        f"| latest release | {outcome.latest_release_date or 'none'} |",
        f"| releases | {outcome.release_count:,} |",
        f"| quarantined | {outcome.quarantined_count:,} |",
        f"| excluded | {outcome.excluded_count:,} |",
        f"| names to review | {outcome.names_to_review:,} |",
        f"| checks | {outcome.check_count:,} |",
        *(f"| {change} | {count:,} |" for change, count in outcome.changes.items()),
    ]
    if outcome.warnings:
        lines += ["", "## Warnings", ""]
        lines += [f"- **{check.check_name}**: {check.failing_count:,} rows. {check.description}"
                  for check in outcome.warnings]  # fmt: skip
    if outcome.changed and len(outcome.changed) <= outcome.release_count / 2:
        lines += ["", "## Changes", ""]
        lines += [
            " ".join(("-", f"{one.change}:", *map(as_markdown, filter(None, (one.path, one.title, one.what_changed)))))
            for one in outcome.changed
        ]
    return "\n".join(lines)


def _create_artifacts(settings: Settings, outcome: Outcome, tasks: _TaskRunner) -> None:
    """Create the artifacts for operators, and emit the event that can trigger other flows."""
    create_markdown_artifact(key="refresh-summary", markdown=summary(outcome), description=outcome.message)
    create_table_artifact(tasks.rows, key="refresh-stages", description="Wall seconds and result of each stage.")
    if outcome.status != "published":
        return
    for path, key in ((settings.published, "beehive-warehouse"), (settings.parquet, "beehive-parquet")):
        create_link_artifact(path.absolute().as_uri(), link_text=path.name, key=key)
    emit_event(
        "beehive.published",
        resource={"prefect.resource.id": f"beehive.warehouse.{settings.warehouse.name}"},
        payload={
            "build_id": outcome.build_id,
            "source_state": outcome.source_state,
            "release_count": outcome.release_count,
            **outcome.changes,
        },
    )


@task(name="verify", cache_policy=NO_CACHE, persist_result=False)
def _verify(settings: Settings, report: _FlowReporter) -> Verified:
    """Compare the published build with a rebuild from scratch; fail if they differ."""
    verified = verify.verify(settings, report)
    if verified.differences:
        create_table_artifact(
            [{"table": one.name, "rows only in the published build": one.published_count,
              "rows only in the rebuild": one.rebuilt_count} for one in verified.differences],
            key="refresh-differences",
            description=f"{verified.build_id} differs from a rebuild from scratch.",
        )  # fmt: skip
        raise Refused(
            f"{verified.build_id} differs from a rebuild from scratch in "
            f"{', '.join(one.name for one in verified.differences)}: run `beehive verify` to see the rows, then "
            "`beehive refresh --rebuild`."
        )
    report.line(f"verify: {len(verified.names)} tables and views equal a rebuild from scratch")
    return verified


def _is_temporary(_task: object, _run: object, state: State[Any]) -> bool:
    """Return whether a stage failed for a reason that a retry may overcome."""
    return isinstance(state.result(raise_on_failure=False), Unreachable)


def _rename(name: str) -> None:
    with get_client(sync_client=True) as client:
        client.update_flow_run(UUID(runtime.flow_run.id), name=name)


def _facts(result: object) -> dict[str, int | str]:
    """Return the numbers that describe what a stage did."""
    match result:
        case Extracted(published=Published() as published):
            return {"state": result.state, "published_as": published.build_id}
        case Extracted(listing=Listing() as listing):
            return {"state": result.state, "files": listing.counts.files}
        case int():
            return {"contents_read": result}
        case Names():
            return {
                "minister_names": result.minister_decisions.height,
                "portfolio_names": result.portfolio_decisions.height,
            }
        case dict():
            return {"releases": result["core.fact_release"], "tables": len(result)}
        case list():
            failing = [check.severity for check in result if not check.is_passed]
            return {"checks": len(result), "failed": failing.count("fail"), "warnings": failing.count("warn")}
        case Pushed():
            written = sum(one.added + one.changed + one.removed for one in result.changed)
            return {"tables": len(result.changed), "rows_written": written, "build": result.build_id}
        case Published():
            return {"releases": result.release_count, "bytes": result.file_size, "build": result.build_id}
    raise TypeError(f"No stage returns {type(result).__name__}.")


def _as_text(facts: dict[str, int | str]) -> str:
    return ", ".join(
        f"{value:,} {name.replace('_', ' ')}" if isinstance(value, int) else value for name, value in facts.items()
    )


def _asset(path: Path, name: str, description: str) -> Asset:
    return Asset(key=_asset_key(str(path)), properties=AssetProperties(name=name, description=description))


def _asset_key(location: str) -> str:
    """Return a location as the key of an asset: a URL, with _ for the characters that Prefect does not allow."""
    location = redact(location)
    if "://" not in location:
        location = f"file://{Path(location).expanduser().absolute()}"
    return quote(location, safe="/:@.~+,;=!$()*-").replace("%", "_")[:_MAX_KEY_LENGTH]


def _settings() -> Settings:
    call = _call.get()
    return call.settings if call else read_settings()
