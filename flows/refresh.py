"""The Prefect flow: the sequence of `flows.pipeline`, each stage a task. All of Prefect is in this file."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from prefect import flow, get_run_logger, runtime, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from pydantic import Field

from flows import pipeline
from flows.extract import redact
from flows.pipeline import Outcome, Result, StageName
from flows.settings import Settings
from flows.shown import as_markdown

# Only the network and git can fail for a reason that passes; a failed check or load is information.
_RETRIES: dict[StageName, dict[str, Any]] = {
    "extract": {"retries": 3, "retry_delay_seconds": [10, 60, 300], "retry_jitter_factor": 0.5},
}


class _FlowReporter:
    """Tells a run to the log of the flow run."""

    def line(self, text: str) -> None:
        get_run_logger().info(text)

    def progress(self, name: StageName, done: int, total: int) -> None:
        get_run_logger().debug("%s: %d of %d", name, done, total)


def _run_as_task(name: StageName, stage: Callable[[], Result]) -> Result:
    """Runs a stage as a task of its name; its result is passed on in memory and never stored."""
    options = _RETRIES.get(name, {})
    result: Result = task(name=name, cache_policy=NO_CACHE, persist_result=False, **options)(stage)()
    return result


def _run_name() -> str:
    parameters = runtime.flow_run.parameters
    settings = _settings(parameters.get("source"), parameters.get("warehouse"))
    return f"refresh of {Path(settings.source).name or settings.source} into {settings.warehouse.name}"


@flow(name="refresh", flow_run_name=_run_name, persist_result=False)
def refresh(
    source: Annotated[str | None, Field(description="The archive: git URL, path, bundle or directory.")] = None,
    warehouse: Annotated[str | None, Field(description="Folder of beehive.duckdb.")] = None,
    ref: Annotated[str | None, Field(description="Branch, tag or commit to load; HEAD if empty.")] = None,
    index: Annotated[str | None, Field(description="Index of publication times; none if empty.")] = None,
    rebuild: Annotated[bool, Field(description="Read every file anew.")] = False,  # noqa: FBT002
    dry_run: Annotated[bool, Field(description="Do everything but publish.")] = False,  # noqa: FBT002
    allow_shrink: Annotated[bool, Field(description="Publish even if many releases would be gone.")] = False,  # noqa: FBT002
) -> Outcome:
    """Brings the warehouse up to the archive: extract, parse, normalise, load, check, publish."""
    settings = _settings(source, warehouse, ref=ref, index=index, allow_shrink=allow_shrink or None)
    outcome = pipeline.refresh(settings, _FlowReporter(), _run_as_task, rebuild=rebuild, dry_run=dry_run)
    get_run_logger().info(outcome.message)
    create_markdown_artifact(key="refresh-summary", markdown=summary(outcome), description=outcome.message)
    return outcome


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

    return refresh(
        source=shown(settings.source),
        index=shown(settings.index),
        warehouse=str(settings.warehouse),
        ref=settings.ref,
        rebuild=rebuild,
        dry_run=dry_run,
        allow_shrink=settings.allow_shrink,
    )


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
        f"| releases | {outcome.release_count:,} |",
        f"| quarantined | {outcome.quarantined_count:,} |",
        f"| excluded | {outcome.excluded_count:,} |",
        f"| names to review | {outcome.names_to_review:,} |",
        *(f"| {change} | {count:,} |" for change, count in outcome.changes.items()),
        *(f"| {name}, seconds | {seconds:.1f} |" for name, seconds in outcome.stage_seconds.items()),
    ]
    if outcome.warnings:
        lines += ["", "## Warnings", ""]
        lines += [f"- **{name}**: {count:,} rows. {text}" for name, count, text in outcome.warnings]
    if outcome.changed and len(outcome.changed) <= outcome.release_count / 2:
        lines += ["", "## Changes", ""]
        lines += [f"- {change}: {as_markdown(path)} {as_markdown(title)}" for change, path, title in outcome.changed]
    return "\n".join(lines)


def _settings(source: str | None, warehouse: str | None, **others: Any) -> Settings:
    values = {"source": source, "warehouse": warehouse, **others}
    return Settings(**{name: value for name, value in values.items() if value is not None})
