"""The Prefect flow: the sequence of `flows.pipeline`, each stage a task. What Prefect shows of a run is made here."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote
from uuid import UUID

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
from prefect.states import Completed

from flows import pipeline, verify
from flows.errors import Refused, Unreachable
from flows.extract.address import redact
from flows.load.check import ChecksFailed
from flows.run import Outcome, Result, StageName
from flows.serve.shown import as_markdown
from flows.settings import Settings
from flows.verify import Verified

# Only the network and git can fail for a reason that passes; a failed check or load is information.
_RETRIES: dict[str, Any] = {"retries": 3, "retry_delay_seconds": [10, 60, 300], "retry_jitter_factor": 0.5}
_PROGRESS_EVERY = 2.0  # seconds between two words to the server
_KEY_LENGTH = 512  # characters that Prefect allows the key of an asset


class _FlowReporter:
    """Tells a run to the log of the flow run, and a long stage as a bar among its artifacts."""

    def __init__(self) -> None:
        self._bar: UUID | None = None
        self._told_at = 0.0

    def line(self, text: str) -> None:
        get_run_logger().info(text)

    def progress(self, name: StageName, done: int, total: int) -> None:
        now = time.monotonic()
        if done < total and now - self._told_at < _PROGRESS_EVERY:
            return
        self._told_at = now
        percent, words = 100 * done / total, f"{name}: {done:,} of {total:,}"
        if self._bar is None:
            self._bar = cast("UUID", create_progress_artifact(percent, key="refresh-progress", description=words))
        else:
            update_progress_artifact(self._bar, percent, description=words)


class _Tasks:
    """Runs each stage as a task of its name; its result is passed on in memory and never stored.

    Parsing materialises the staging file, publishing the warehouse and its Parquet: so the server knows what came of
    what, by which run, and with how many rows.
    """

    def __init__(self, settings: Settings) -> None:
        self.table: list[dict[str, Any]] = []
        archive = Asset(key=_asset_key(settings.source))
        staging = _asset(settings.staging, "Releases as read", "Private: a cache of parsing and the log of runs.")
        published = [
            _asset(settings.published, "Warehouse", "The star schema and its views, for DuckDB and BI tools."),
            _asset(settings.parquet, "Parquet", "Every table and public view as one Parquet file."),
        ]
        self._made_of: dict[StageName, tuple[list[Asset], list[Asset | str]]] = {
            "parse": ([staging], [archive]),
            "publish": (published, [staging]),
        }

    def __call__(self, name: StageName, stage: Callable[[], Result]) -> Result:
        made, of = self._made_of.get(name, ([], []))

        def run() -> Result:
            start = time.perf_counter()
            result = stage()
            facts = _facts(name, result)
            for asset in made:
                asset.add_metadata(facts)
            seconds = round(time.perf_counter() - start, 1)
            self.table.append({"stage": name, "seconds": seconds, "result": _in_words(facts)})
            return result

        options: dict[str, Any] = {"name": name, "cache_policy": NO_CACHE, "persist_result": False}
        if name == "extract":
            options |= {**_RETRIES, "retry_condition_fn": _may_pass}
        as_task = materialize(*made, asset_deps=of, **options)(run) if made else task(**options)(run)
        result: Result = as_task()
        return result


def _run_name() -> str:
    parameters = runtime.flow_run.parameters
    settings = _settings(parameters.get("source"), parameters.get("warehouse"))
    return f"refresh of {Path(settings.source).name or settings.source} into {settings.warehouse.name}"


@flow(name="refresh", flow_run_name=_run_name, persist_result=False)
def refresh(
    source: str | None = None,
    warehouse: str | None = None,
    ref: str | None = None,
    index: str | None = None,
    rebuild: bool = False,  # noqa: FBT001, FBT002 (the parameters of a flow are a form)
    dry_run: bool = False,  # noqa: FBT001, FBT002
    allow_shrink: bool = False,  # noqa: FBT001, FBT002
    verify: bool = False,  # noqa: FBT001, FBT002
) -> Any:
    """Brings the warehouse up to the archive: extract, parse, normalise, load, check, publish.

    Args:
        source: The archive: git URL, path, bundle or directory. Empty: BEEHIVE_SOURCE of the worker, or the sample.
        warehouse: Folder of beehive.duckdb. Empty: BEEHIVE_WAREHOUSE of the worker, or warehouse/.
        ref: Branch, tag or commit to load. Empty: the HEAD of the repository.
        index: Index of publication times. Empty: BEEHIVE_INDEX of the worker, or none.
        rebuild: Read every file anew.
        dry_run: Do everything but publish.
        allow_shrink: Publish even if many releases would be gone.
        verify: Afterwards build it again from nothing, and compare.
    """
    settings = _settings(source, warehouse, ref=ref, index=index, allow_shrink=allow_shrink or None)
    report, tasks = _FlowReporter(), _Tasks(settings)
    try:
        outcome = pipeline.refresh(settings, report, tasks, rebuild=rebuild, dry_run=dry_run)
    except ChecksFailed as error:
        create_table_artifact(
            [{"check": one.name, "rows": one.failing_count, "proves": one.description, "first rows": row}
             for one in error.failed for row in one.failing_rows],
            key="refresh-failed-checks",
            description=str(error),
        )  # fmt: skip
        raise
    report.line(outcome.message)
    done = outcome.status.replace("_", " ")
    _rename(f"refresh {outcome.source_state[:8]}: {done}")
    if outcome.status != "nothing_new":
        _tell(settings, outcome, tasks)
    message = outcome.message
    if verify:
        message += f" {len(_verify(settings, report).names)} tables and views equal a build from nothing."
        _rename(f"refresh {outcome.source_state[:8]}: {done}, verified")
    name = "NothingNew" if outcome.status == "nothing_new" else "Completed"
    return Completed(name=name, message=message, data=outcome)


def run_flow(settings: Settings, *, rebuild: bool, dry_run: bool) -> Outcome:
    """Runs the flow with settings that are already read."""
    addresses = {"source": settings.source, "index": settings.index}
    secret = {f"BEEHIVE_{name.upper()}": one for name, one in addresses.items() if one and redact(one) != one}
    before = {name: os.environ.get(name) for name in secret}
    os.environ.update(secret)  # a parameter is shown to everybody who sees the run; this one is in this process
    try:
        return _run_flow(settings, rebuild=rebuild, dry_run=dry_run)
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


def _run_flow(settings: Settings, *, rebuild: bool, dry_run: bool) -> Outcome:
    def shown(address: str | None) -> str | None:
        return None if address and redact(address) != address else address

    flow_run: Callable[..., Any] = refresh
    outcome: Outcome = flow_run(
        source=shown(settings.source),
        index=shown(settings.index),
        warehouse=str(settings.warehouse),
        ref=settings.ref,
        rebuild=rebuild,
        dry_run=dry_run,
        allow_shrink=settings.allow_shrink,
    )
    return outcome


def summary(outcome: Outcome) -> str:
    """What a refresh did, as Markdown."""
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
        lines += [f"- **{one.check_name}**: {one.failing_count:,} rows. {one.description}" for one in outcome.warnings]
    if outcome.changed and len(outcome.changed) <= outcome.release_count / 2:
        lines += ["", "## Changes", ""]
        lines += [
            " ".join(("-", f"{one.change}:", *map(as_markdown, filter(None, (one.path, one.title, one.what_changed)))))
            for one in outcome.changed
        ]
    return "\n".join(lines)


def _tell(settings: Settings, outcome: Outcome, tasks: _Tasks) -> None:
    """What an operator looks at, and what other flows can be triggered by."""
    create_markdown_artifact(key="refresh-summary", markdown=summary(outcome), description=outcome.message)
    create_table_artifact(tasks.table, key="refresh-stages", description="Wall seconds and counts of each stage.")
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
    """Compares with a build from nothing; a difference fails the run."""
    found = verify.verify(settings, report)
    if found.differences:
        create_table_artifact(
            [{"table": one.name, "only published": one.published_count, "only built again": one.rebuilt_count}
             for one in found.differences],
            key="refresh-differences",
            description=f"{found.build_id} differs from a build from nothing.",
        )  # fmt: skip
        raise Refused(
            f"{found.build_id} differs from a build from nothing in {', '.join(one.name for one in found.differences)}:"
            " run `beehive verify` for the rows, and `beehive refresh --rebuild`."
        )
    report.line(f"verify: {len(found.names)} tables and views equal a build from nothing")
    return found


def _may_pass(_task: object, _run: object, state: State[Any]) -> bool:
    """Tells whether a stage failed for a reason that passes by itself."""
    return isinstance(state.result(raise_on_failure=False), Unreachable)


def _rename(name: str) -> None:
    with get_client(sync_client=True) as client:
        client.update_flow_run(UUID(runtime.flow_run.id), name=name)


def _facts(name: StageName, result: Any) -> dict[str, int | str]:
    """What a stage did, in numbers."""
    match name:
        case "extract":
            listing, published = result.listing, result.published
            found = {"published_as": published.build_id} if published else {"files": listing.file_count}
            return {"state": result.state, **found}
        case "parse":
            return {"contents_read": result}
        case "normalise":
            return {
                "minister_names": result.minister_decisions.height,
                "portfolio_names": result.portfolio_decisions.height,
            }
        case "load":
            return {"releases": result["core.fact_release"], "tables": len(result)}
        case "check":
            failing = [one.severity for one in result if not one.is_passed]
            return {"checks": len(result), "failed": failing.count("fail"), "warnings": failing.count("warn")}
        case _:
            return {"releases": result.release_count, "bytes": result.file_size, "build": result.build_id}


def _in_words(facts: dict[str, int | str]) -> str:
    return ", ".join(
        f"{value:,} {name.replace('_', ' ')}" if isinstance(value, int) else value for name, value in facts.items()
    )


def _asset(path: Path, name: str, description: str) -> Asset:
    return Asset(key=_asset_key(str(path)), properties=AssetProperties(name=name, description=description))


def _asset_key(location: str) -> str:
    """A location as Prefect names an asset by: an address, without the characters that it does not allow."""
    location = redact(location)
    if "://" not in location:
        location = f"file://{Path(location).expanduser().absolute()}"  # of a link, the link
    return quote(location, safe="/:@.~+,;=!$()*-").replace("%", "_")[:_KEY_LENGTH]


def _settings(source: str | None, warehouse: str | None, **others: Any) -> Settings:
    values = {"source": source, "warehouse": warehouse, **others}
    return Settings(**{name: value for name, value in values.items() if value is not None})
