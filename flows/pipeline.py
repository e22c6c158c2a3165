"""Run a refresh: extract, parse, normalise, load, check, publish. This is the only place with the order of the stages.

A parameter says how a stage is run: by a plain call, as the command line does, or as a Prefect task (`flows.refresh`).
This module does not import DuckDB or polars, so that a run that finds nothing new ends in a third of a second. The work
of the stages is in `flows.stages`, which is imported only if the archive has changed.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flows.errors import Refused, Unusable, explain, is_interrupt
from flows.extract.address import redact
from flows.extract.model import Source
from flows.extract.source import open_source
from flows.load import sqlfiles
from flows.load.lock import writer_lock
from flows.load.state import (
    Published,
    inputs_digest,
    note_begun,
    note_failure,
    read_published,
    read_record,
    refuse_newer,
    write_published,
)
from flows.run import Outcome, Reporter, Run, RunStage, StageRunner, run_plainly
from flows.settings import Settings

if TYPE_CHECKING:
    from flows.stages import Listing

# How DuckDB reports a damaged file.
_DAMAGE_MESSAGES = ("Corrupt database file", "Could not read enough bytes", "not a valid DuckDB database file")


@dataclass(frozen=True, slots=True)
class Extracted:
    """Result of the extract stage: the published build if nothing is new, otherwise the list of files to load."""

    state: str  # of the archive
    published: Published | None  # the build that stays published; None if something is new
    listing: "Listing | None"  # None if nothing is new


def refresh(
    settings: Settings,
    report: Reporter,
    run_stage: RunStage = run_plainly,
    *,
    rebuild: bool = False,
    dry_run: bool = False,
    allow: frozenset[str] = frozenset(),
) -> Outcome:
    """Bring the published warehouse up to date with the archive.

    Args:
        settings: source, warehouse folder and limits.
        report: receives the progress of every stage.
        run_stage: how a stage is run.
        rebuild: discard the cache of earlier runs and read every file again.
        dry_run: do everything but publish.
        allow: names of the guards in `sql/guards` to pass.

    Raises:
        Refused: a guard or a check stopped the run; the published build is untouched.
        Unusable: the source, a seed or the warehouse folder cannot be used, or `allow` names no guard.
    """
    stage_runner = StageRunner(report, run_stage)
    refuse_newer(settings.warehouse)
    _refuse_unknown_guards(allow)
    with (
        writer_lock(settings.warehouse),
        _recorded(settings, report, dry_run=dry_run) as run,
        _machine_faults_explained(settings),
    ):
        source = open_source(settings.source, settings.warehouse, settings.ref)
        run.location = source.location
        extracted = stage_runner.run("extract", lambda: _extract(settings, source, rebuild=rebuild))
        if extracted.published:
            return _nothing_new(settings, source.location, extracted.state, extracted.published)
        from flows import stages  # noqa: PLC0415 (loads DuckDB and polars)

        assert extracted.listing is not None  # noqa: S101 (None only if nothing is new)
        run.state = extracted.state
        if not dry_run:
            note_begun(settings.warehouse, extracted.state)
        outcome = stages.build(
            settings, stage_runner, source, extracted.listing, run, rebuild=rebuild, dry_run=dry_run, allow=allow
        )
        stages.end_run(settings, run, outcome.status, outcome.message, outcome.stage_seconds)
        return outcome


def _refuse_unknown_guards(names: frozenset[str]) -> None:
    known = [file.name for file in sqlfiles.guards()] if names else []
    if unknown := sorted(names - set(known)):
        raise Unusable(f"There is no guard {unknown[0]!r} to allow: the guards are {', '.join(known)}.")


def _extract(settings: Settings, source: Source, *, rebuild: bool) -> Extracted:
    """Compare the current state of the archive with the published one; list the files if anything is new.

    Raises:
        Refused: a rollback withdrew the builds of this state, and the published file is missing or damaged.
    """
    index = None
    if settings.index:
        from flows.extract.index import IndexSource  # noqa: PLC0415 (loads a client for the web)

        index = IndexSource(settings.index, settings.warehouse)
    index_state = index.state() if index else None
    state = source.state()
    inputs = inputs_digest()
    record, published = read_record(settings.warehouse), read_published(settings.warehouse)
    is_withdrawn = record is not None and record.withdrawn_of(state)
    if published and not rebuild and (is_withdrawn or published.is_made_of(state, index_state, inputs)):
        return Extracted(state, published, None)
    if is_withdrawn and not rebuild:
        raise Refused(
            f"{settings.published} is missing or damaged, and a rollback withdrew the builds of the present state of "
            f"{source.location}: pass --rebuild to publish it all the same."
        )
    from flows import stages  # noqa: PLC0415 (loads DuckDB and polars)

    read = stages.read_inputs(inputs, are_checked=published is not None and published.inputs_digest == inputs)
    index_read = index.read(index_state) if index and index_state else None
    listing = stages.list_archive(settings, source, state, read, index_read, rebuild=rebuild)
    return Extracted(state, None, listing)


def _nothing_new(settings: Settings, location: str, state: str, published: Published) -> Outcome:
    write_published(settings.warehouse, replace(published, checked_at=_now().isoformat(), begun=None))
    if withdrawn := published.withdrawn_of(state):
        message = (
            f"Nothing published: {location} is at {state[:12]}, of which {', '.join(withdrawn)} was withdrawn. "
            f"{published.build_id} stays published until the archive changes, whatever seeds or code are; "
            "pass --rebuild to publish this state all the same."
        )
    else:
        message = f"Nothing new: {location} is still at {state[:12]}, published as {published.build_id}."
    return Outcome("nothing_new", message, published.build_id, state, published.release_count)


@contextmanager
def _recorded(settings: Settings, report: Reporter, *, dry_run: bool) -> Iterator[Run]:
    """Record a run that fails, and delete the temporary files of any run; a dry run mends no failure."""
    started_at = _now()
    run = Run(started_at, started_at.strftime("%Y%m%dT%H%M%S.%fZ"), redact(settings.source))
    try:
        yield run
    except BaseException as error:
        from flows import stages  # noqa: PLC0415 (loads DuckDB and polars)

        outcome, message = "refused" if isinstance(error, Refused) else "failed", str(error) or type(error).__name__
        if is_interrupt(error):
            outcome, message = "interrupted", "it was stopped by Ctrl-C"
        note_published = partial(note_failure, settings.warehouse, f"{outcome}: {message}")
        log = partial(stages.end_run, settings, run, outcome, message, {})
        for step in (partial(_remove_leftovers, settings), note_published, log):
            try:
                step()
            except Exception as another:  # noqa: BLE001 (the first error is reported)
                report.line(f"the run could not be cleaned up or logged: {another}")
        raise
    _remove_leftovers(settings)
    if not dry_run:
        note_failure(settings.warehouse, None)


@contextmanager
def _machine_faults_explained(settings: Settings) -> Iterator[None]:
    """Explain what can go wrong in any stage: full disk, too little memory, damaged file, no permission."""
    try:
        yield
    except Exception as error:
        if any(words in str(error) for words in _DAMAGE_MESSAGES):
            from flows import stages  # noqa: PLC0415 (loads DuckDB and polars)

            if stages.set_aside_if_damaged(settings.staging):
                raise Unusable(
                    f"{settings.staging} was damaged and has been set aside: run again to read every file anew. "
                    "Readers still have a complete build."
                ) from error
            raise Unusable(
                f"A file in {settings.warehouse} was damaged while the refresh used it ({str(error).splitlines()[0]}): "
                "run again. Readers still have a complete build."
            ) from error
        explained = explain(error, settings.warehouse)
        if explained is None:
            raise
        message = str(explained).replace(
            "BEEHIVE_MEMORY_LIMIT", f"BEEHIVE_MEMORY_LIMIT, which is {settings.memory_limit}"
        )
        raise Unusable(f"{message} Readers still have a complete build.") from error


def _remove_leftovers(settings: Settings) -> None:
    """Delete what an unfinished run left, by the exact names that this program gives."""
    building = settings.building
    for leftover in (building, settings.work_building):
        for path in (leftover, Path(f"{leftover}.wal")):
            path.unlink(missing_ok=True)
    for folder in (Path(f"{building}.tmp"), settings.warehouse / "parquet.building"):
        shutil.rmtree(folder, ignore_errors=True)


def _now() -> datetime:
    return datetime.now(UTC)
