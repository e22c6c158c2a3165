"""The sequence: extract, parse, normalise, load, check, publish. Defined once, here, without Prefect.

How a stage is run is a parameter: plainly, as the command line does, or as a task of the flow in
`flows.refresh`.
"""

import errno
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

from flows import __version__
from flows.errors import ChecksFailed, Refused, Unusable, is_interrupt, is_short_of_memory
from flows.extract.address import redact
from flows.extract.git import GitSource
from flows.extract.model import ArchiveFile, Content, Snapshot, Source
from flows.extract.source import open_source
from flows.load.lock import writer_lock
from flows.load.state import Published, inputs_digest, note_failure, read_published, refuse_newer, write_published
from flows.settings import Settings

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from flows.extract.index import Index
    from flows.load.check import CheckResult
    from flows.load.staging import Staging
    from flows.normalise.seeds import Seeds
    from flows.parse.batches import Batch

Result = TypeVar("Result")
StageName = Literal["extract", "parse", "normalise", "load", "check", "publish"]
_WORTH_A_POOL = 2_000  # files; fewer are parsed sooner than worker processes start, or a cluster is connected to
_CHANGES_SHOWN = 20
_DAMAGE = ("Corrupt database file", "Could not read enough bytes")  # what DuckDB says of a file that is not whole
_MAY_GO = 5  # releases that may go whatever their share, so that small archives can be edited


class RunStage(Protocol):
    """Runs one stage of the sequence under its name and gives back its result."""

    def __call__(self, name: StageName, stage: Callable[[], Result]) -> Result:
        """Runs the stage."""
        ...


class Reporter(Protocol):
    """Where a run tells how it goes."""

    def line(self, text: str) -> None:
        """Tells one thing that happened, with its numbers."""
        ...

    def progress(self, name: StageName, done: int, total: int) -> None:
        """Tells how far a long stage is."""
        ...


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
    changes: dict[str, int] = field(default_factory=dict)  # added, edited, renamed, removed
    # the first of them: change, path, title, what was edited
    changed: list[tuple[str, str, str, str | None]] = field(default_factory=list, repr=False)
    warnings: list[tuple[str, int, str]] = field(default_factory=list)  # check, failing rows, what it proves
    check_count: int = 0
    names_to_review: int = 0
    source_committed_at: datetime | None = None  # UTC; None for a directory
    latest_release_date: date | None = None
    stage_seconds: dict[str, float] = field(default_factory=dict)


def run_plainly(name: StageName, stage: Callable[[], Result]) -> Result:  # noqa: ARG001
    """Runs a stage in this process, and that is all."""
    return stage()


def nothing_new(settings: Settings, source: Source, index_state: str | None) -> tuple[str, Published | None]:
    """The present state of the source, and what is published if that is made of it and of these seeds and code."""
    state = source.state()
    published = read_published(settings.warehouse)
    if published and published.is_made_of(state, index_state, inputs_digest()):
        return state, published
    return state, None


def refresh(
    settings: Settings,
    report: Reporter,
    run_stage: RunStage = run_plainly,
    *,
    rebuild: bool = False,
    dry_run: bool = False,
) -> Outcome:
    """Brings the published warehouse up to the archive.

    Args:
        settings: source, warehouse folder and limits.
        report: told of every stage.
        run_stage: how a stage is run.
        rebuild: forget what was read before and read everything anew.
        dry_run: do all but publish.

    Raises:
        Refused: a guard or a check stopped it; the published build is untouched.
        Unusable: the source, a seed or the warehouse folder cannot be used.
    """
    stages = _Stages(report, run_stage)
    refuse_newer(settings.warehouse)
    with writer_lock(settings.warehouse), _logged(settings, report) as run, _sentences(settings):
        source = open_source(settings.source, settings.warehouse, settings.ref)
        run.location = source.location
        extracted = stages.run("extract", lambda: _extract(settings, source, rebuild=rebuild))
        state, published = extracted.state, extracted.published
        if published:
            write_published(settings.warehouse, replace(published, checked_at=_now().isoformat()))
            message = f"Nothing new: {source.location} is still at {state[:12]}, published as {published.build_id}."
            if back := published.withdrawn:
                message += f" {back['build_id']} was taken back: a new state or --rebuild goes on from there."
            return Outcome("nothing_new", message, published.build_id, state, published.release_count)
        run.begin(state, rebuild=rebuild)
        outcome = _after_extract(settings, stages, source, extracted, run, dry_run=dry_run)
        run.end(outcome.status, outcome.message, outcome.stage_seconds)
        return outcome


@dataclass(frozen=True, slots=True)
class _Extracted:
    """The state of the source, and either what is published of it or, where something is to do, its files."""

    state: str
    published: Published | None = None
    snapshot: Snapshot | None = None
    file_count: int = 0
    release_file_count: int = 0  # of files that can be releases
    index: "Index | None" = None


def _extract(settings: Settings, source: Source, *, rebuild: bool) -> _Extracted:
    index_source = None
    if settings.index:
        from flows.extract.index import IndexSource

        index_source = IndexSource(settings.index, settings.warehouse)
    index_state = index_source.state() if index_source else None
    state, published = nothing_new(settings, source, index_state)
    if published and not rebuild:
        return _Extracted(state, published=published)
    from flows.load.staging import open_staging

    index = index_source.read(index_state) if index_source and index_state else None
    snapshot = source.snapshot(state)
    with open_staging(settings.staging, settings.memory_limit) as staging:
        files, release_files = staging.set_listing(source.files(state))
        if not release_files:
            raise Unusable(
                f"{snapshot.location} holds {files:,} files but no release "
                "(such as releases/2003/06/NAME.md): check the source."
            )
        staging.set_history(source.history(state))
    return _Extracted(state, snapshot=snapshot, file_count=files, release_file_count=release_files, index=index)


def _after_extract(
    settings: Settings, stages: "_Stages", source: Source, extracted: _Extracted, run: "_Run", *, dry_run: bool
) -> Outcome:
    """The other five stages. What they import is heavy, and is not needed to find that nothing is new."""
    from flows.extract.index import nothing
    from flows.load import check, publish, star
    from flows.load.staging import open_staging
    from flows.normalise.seeds import read_seeds

    snapshot = extracted.snapshot
    assert snapshot is not None  # noqa: S101 (there is always one where nothing is published)
    index = extracted.index or nothing()
    say = stages.report.line
    say(f"extract: {extracted.file_count:,} files at {snapshot.state[:12]} of {snapshot.location}")
    if extracted.index:
        say(f"extract: {index.entries.height:,} publication times of {index.location}")

    seeds = read_seeds()
    with open_staging(settings.staging, settings.memory_limit) as staging:
        staging.set_error_pages(seeds["error_pages"]["title"])
        parsed = stages.run("parse", lambda: _parse(settings, staging, source, extracted, stages.report))
        staging.note_run(run.run_id, parsed_count=parsed)
        staging.take_all_memory()
        decisions = stages.run("normalise", lambda: _normalise(staging, seeds))
        say(f"normalise: {decisions[0].height:,} printed names of ministers, {decisions[1].height:,} of portfolios")

    info = star.BuildInfo(
        build_id=run.build_id,
        built_at=run.started_at.replace(tzinfo=None),
        source_kind=snapshot.kind,
        source_location=snapshot.location,
        source_state=snapshot.state,
        source_committed_at=snapshot.committed_at.replace(tzinfo=None) if snapshot.committed_at else None,
        index_location=index.location or None,
        index_state=index.state or None,
        source_history=_source_history(settings, source, snapshot),
        inputs_digest=inputs_digest(),
        code_version=__version__,
    )
    previous = settings.published if publish.is_readable(settings.published) else None
    with star.new_build(settings.building, settings.staging, settings.memory_limit) as connection:
        progress = partial(stages.report.progress, "load")
        rows = stages.run("load", lambda: star.load(connection, info, seeds, *decisions, index, previous, progress))
        say(f"load: {rows['core.fact_release']:,} releases in {len(rows)} tables")
        _refuse_to_shrink(settings, connection)
        results = stages.run("check", lambda: check.check(connection))
        _refuse_unreviewed(settings, connection, info.built_at)
        failed, warned = check.failures(results), check.warnings(results)
        say(f"check: {len(results)} checks, {len(failed)} failed, {len(warned)} warn")
        outcome = _outcome(connection, info.build_id, snapshot.state, results)

    if failed:
        settings.building.replace(settings.rejected)
        raise ChecksFailed(
            f"{len(failed)} of {len(results)} checks failed, first {failed[0].name!r} ({failed[0].failing_count:,} "
            f"rows, such as {failed[0].failing_rows[0]}): look at meta.check_result in {settings.rejected}. "
            "Nothing was published.",
            failed,
        )
    if dry_run:
        outcome.status, outcome.message = "dry_run", f"Dry run, nothing published. {outcome.message}"
    else:
        published = stages.run("publish", lambda: publish.publish(settings, info.build_id))
        say(f"publish: {settings.published} ({published.file_size / 1e6:.1f} MB) and {settings.parquet}")
    outcome.stage_seconds = stages.seconds
    return outcome


def _normalise(staging: "Staging", seeds: "Seeds") -> "tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]":
    """What each printed name is decided to be, of ministers and of portfolios, and the names looked for in texts."""
    from flows.normalise import mentions
    from flows.normalise.ministers import decide_ministers
    from flows.normalise.portfolios import decide_portfolios

    ministers = decide_ministers(staging.printed("minister"), seeds)
    portfolios = decide_portfolios(staging.printed("portfolio"), seeds)
    names = mentions.names(seeds, ministers)
    mentions.search(staging, names)
    return ministers, portfolios, names


def _source_history(settings: Settings, source: Source, snapshot: Snapshot) -> str | None:
    """How the state goes on from the published one; None for a directory, or another source than that was built of."""
    published = read_published(settings.warehouse)
    if not isinstance(source, GitSource) or published is None or published.source_location != snapshot.location:
        return None
    if source.is_ancestor(published.source_state, snapshot.state):
        return "continued"
    return "went_back" if source.is_ancestor(snapshot.state, published.source_state) else "rewritten"


def _parse(settings: Settings, staging: "Staging", source: Source, extracted: _Extracted, report: Reporter) -> int:
    """Reads what the cache does not know; gives the number of files read."""
    from flows.parse import batches
    from flows.parse.release import HAS_LIBYAML, Rejection, too_large

    count, present = staging.count_unread()
    rejected: list[Rejection] = []

    def readable() -> Iterator[ArchiveFile]:
        for file in _unread(staging, source):
            if file.size > settings.max_file_size:
                rejected.append(too_large(file, settings.max_file_size))
            else:
                yield file

    done = 0
    for read in staging.add(_parsed(settings, source.read(readable()), count, report)):
        done += read
        report.progress("parse", done, count)
    for read in staging.add([batches.batch_of(rejected)]):
        done += read
    if not HAS_LIBYAML:
        report.line("parse: PyYAML has no libyaml here, so that parsing takes about five times as long")
    expected = extracted.release_file_count
    report.line(f"parse: {done:,} contents read, {expected - present:,} of {expected:,} files known from earlier runs")
    return done


def _unread(staging: "Staging", source: Source) -> Iterator[ArchiveFile]:
    """The files that are to be read: of the state, and of states before it."""
    for rows in staging.unread():
        yield from (ArchiveFile(path, blob, size) for path, blob, size in rows if size is not None)
        yield from source.earlier((path, blob) for path, blob, size in rows if size is None)


def _parsed(settings: Settings, contents: Iterable[Content], count: int, report: Reporter) -> "Iterator[Batch]":
    """Parses here, in processes of this machine, or on a Dask cluster; which of them changes nothing but the time."""
    from flows.parse import batches

    if count <= _WORTH_A_POOL:
        return batches.parse_many(contents, 1)
    if settings.dask_address:
        from flows.parse import cluster

        return cluster.parse_on_cluster(contents, settings.dask_address, report.line)
    return batches.parse_many(contents, settings.workers)


def _refuse_to_shrink(settings: Settings, connection: "duckdb.DuckDBPyConnection") -> None:
    """Stops where many releases of the published build would be gone: a truncated archive, or another one."""
    from flows.load.database import one_row

    (before,) = one_row(connection, "select count(*) from work.previous_release")
    (gone,) = one_row(connection, "select count(*) from meta.change_log where change = 'removed'")
    if gone > max(_MAY_GO, settings.shrink_limit * before) and not settings.allow_shrink:
        raise Refused(
            f"{gone:,} of the {before:,} published releases would be gone, more than {settings.shrink_limit:.0%}: "
            "check the source, then run again with --allow-shrink if it is right. Nothing was published."
        )


def _outcome(
    connection: "duckdb.DuckDBPyConnection", build_id: str, state: str, results: "list[CheckResult]"
) -> Outcome:
    """Reads from the build what a summary tells."""
    from flows.load import check
    from flows.load.database import dicts, one_row

    info = dicts(connection, "from main.build_info")[0]
    changes = dict(
        connection.execute("select change, count(*) from meta.change_log group by change order by change").fetchall()
    )
    changed = connection.execute(
        "select change, path, title, what_changed from meta.change_log order by change, path desc limit $1",
        [_CHANGES_SHOWN],
    ).fetchall()
    words = ", ".join(f"{count:,} {change}" for change, count in changes.items())
    if not words:
        (is_there,) = one_row(connection, "select is_there from work.previous")
        words = "none changed" if is_there else "first build"
    return Outcome(
        status="published",
        message=f"{info['release_count']:,} releases ({words}), {info['quarantined_count']:,} quarantined, "
        f"{info['excluded_count']:,} excluded.",
        build_id=build_id,
        source_state=state,
        release_count=info["release_count"],
        quarantined_count=info["quarantined_count"],
        excluded_count=info["excluded_count"],
        check_count=len(results),
        names_to_review=info["name_to_review_count"],
        source_committed_at=info["source_committed_at"],
        latest_release_date=info["latest_release_date"],
        changes=changes,
        changed=changed,
        warnings=[(result.name, result.failing_count, result.description) for result in check.warnings(results)],
    )


class _Stages:
    """Runs stages one after the other and keeps their wall seconds."""

    def __init__(self, report: Reporter, run_stage: RunStage) -> None:
        self.report = report
        self.seconds: dict[str, float] = {}
        self._run_stage = run_stage

    def run(self, name: StageName, stage: Callable[[], Result]) -> Result:
        start = time.perf_counter()
        try:
            return self._run_stage(name, stage)
        finally:
            self.seconds[name] = round(time.perf_counter() - start, 3)


class _Run:
    """This run in the log; one that finds nothing new leaves no row."""

    def __init__(self, settings: Settings) -> None:
        self.started_at = _now()
        self.run_id = self.started_at.strftime("%Y%m%dT%H%M%S.%fZ")
        self.build_id = ""  # while it is not known whether there is something to build
        self.location = redact(settings.source)
        self.is_begun = False
        self._settings = settings
        self._state: str | None = None

    def begin(self, state: str, *, rebuild: bool = False) -> None:
        """Logs that there is something to do; from here on the staging file is in use."""
        from flows.load.publish import new_build_id, refuse_if_taken
        from flows.load.staging import open_staging

        self._state = state
        refuse_if_taken(self._settings)
        self.build_id = new_build_id(self._settings, self.started_at, state)
        with open_staging(self._settings.staging, self._settings.memory_limit) as staging:
            if rebuild:
                staging.forget()
            staging.start_run(self.run_id, self.location, state)
        self.is_begun = True

    def end(self, outcome: str, message: str, stage_seconds: dict[str, float]) -> None:
        """Logs how it ended."""
        from flows.load.staging import open_staging

        with open_staging(self._settings.staging, self._settings.memory_limit) as staging:
            if not self.is_begun:
                staging.start_run(self.run_id, self.location, self._state)
            staging.finish_run(self.run_id, outcome, message, stage_seconds)


@contextmanager
def _logged(settings: Settings, report: Reporter) -> Iterator[_Run]:
    """Logs a run that fails, and removes what any run leaves half-done."""
    run = _Run(settings)
    try:
        yield run
    except BaseException as error:
        _remove_leftovers(settings)
        outcome, message = "refused" if isinstance(error, Refused) else "failed", str(error) or type(error).__name__
        if is_interrupt(error):
            outcome, message = "interrupted", "it was stopped by Ctrl-C"
        noted = partial(note_failure, settings.warehouse, f"{outcome}: {message}")
        for note in (noted, partial(run.end, outcome, message, {})):
            try:
                note()
            except Exception as unlogged:  # noqa: BLE001 (the first error is the one to tell)
                report.line(f"the run could not be logged: {unlogged}")
        raise
    _remove_leftovers(settings)
    note_failure(settings.warehouse, None)


@contextmanager
def _sentences(settings: Settings) -> Iterator[None]:
    """Turns the two faults of a machine that any stage can meet, a full disk and no permission, into sentences."""
    try:
        yield
    except Exception as error:
        if "No space left" in str(error) or (
            isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
        ):
            raise Unusable(
                f"The disk of {settings.warehouse} is full: free some space (a refresh of the whole archive needs "
                "about 500 MB), then run again. Readers keep a whole build."
            ) from error
        if is_short_of_memory(error):
            raise Unusable(
                f"DuckDB's memory does not suffice ({str(error).splitlines()[0]}): raise BEEHIVE_MEMORY_LIMIT, which "
                f"is {settings.memory_limit}, then run again. Readers keep a whole build."
            ) from error
        if any(words in str(error) for words in _DAMAGE):
            from flows.load.staging import set_aside_if_damaged

            if set_aside_if_damaged(settings.staging):
                raise Unusable(
                    f"{settings.staging} was damaged and is set aside: run again, and everything is read anew. "
                    "The published build is unchanged."
                ) from error
        if isinstance(error, PermissionError):
            raise Unusable(f"{error.filename} cannot be written: check its permissions, then run again.") from error
        raise


def _refuse_unreviewed(settings: Settings, connection: "duckdb.DuckDBPyConnection", now: datetime) -> None:
    """The gate on names, where one is set: by when the archive first held the name, or else by its first release."""
    if settings.review_within_days is None:
        return
    overdue = connection.execute(
        "select printed_as from meta.name_review where coalesce(first_seen_at, first_release_date) < $1 order by all",
        [now - timedelta(days=settings.review_within_days)],
    ).fetchall()
    if overdue:
        raise Refused(
            f"{len(overdue)} names have awaited review for more than {settings.review_within_days:g} days, first "
            f"{overdue[0][0]!r}: decide with `beehive review`, or set review_within_days higher. Nothing was published."
        )


def _remove_leftovers(settings: Settings) -> None:
    for leftover in (settings.building, settings.building.with_name(settings.building.name + ".wal")):
        leftover.unlink(missing_ok=True)
    for clone in (settings.warehouse / "archives").glob("new-*"):  # of a run that was killed while it made one
        shutil.rmtree(clone, ignore_errors=True)
    shutil.rmtree(settings.warehouse / "parquet.building", ignore_errors=True)
    shutil.rmtree(settings.warehouse / "tmp", ignore_errors=True)


def _now() -> datetime:
    return datetime.now(UTC)
