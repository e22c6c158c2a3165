"""What each stage of a refresh does; `flows.pipeline` runs them in order once there is something to do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import duckdb

from flows import __version__
from flows.errors import Refused, Unusable
from flows.extract.git import GitSource
from flows.extract.index import Index
from flows.extract.model import ArchiveFile, Content, Snapshot, Source
from flows.load import check, publish, star
from flows.load.check import CheckResult, ChecksFailed
from flows.load.database import dicts, one_row
from flows.load.staging import Staging, open_staging, set_aside_if_damaged
from flows.load.state import inputs_digest, read_published
from flows.normalise import mentions
from flows.normalise.ministers import decide_ministers
from flows.normalise.portfolios import decide_portfolios
from flows.normalise.seeds import Seeds, read_seeds
from flows.parse import batches
from flows.parse.batches import Batch
from flows.parse.release import HAS_LIBYAML, Rejection, reject_too_large
from flows.run import Change, CheckWarning, Outcome, Reporter, Run, StageRunner
from flows.settings import Settings

__all__ = ["begin_run", "build", "end_run", "list_archive", "set_aside_if_damaged"]

_WORTH_A_POOL = 2_000  # files; fewer are parsed sooner than worker processes start, or a cluster is connected to
_CHANGES_SHOWN = 20
_MAY_GO = 5  # releases that may go whatever their share, so that small archives can be edited


@dataclass(frozen=True, slots=True)
class Listing:
    """One state of the archive, listed in staging."""

    snapshot: Snapshot
    file_count: int
    release_file_count: int  # of files that can be releases
    index: Index | None


def begin_run(settings: Settings, run: Run, *, rebuild: bool) -> None:
    """Log that a run has something to do, and give its build an id.

    Raises:
        Refused: another program holds what is to be replaced.
    """
    publish.refuse_if_taken(settings)
    run.build_id = publish.new_build_id(settings, run.started_at, run.state or "")
    with open_staging(settings.staging, settings.memory_limit) as staging:
        if rebuild:
            staging.forget()
        staging.start_run(run.run_id, run.location, run.state)


def end_run(settings: Settings, run: Run, outcome: str, message: str, stage_seconds: dict[str, float]) -> None:
    """Log how a run ended."""
    with open_staging(settings.staging, settings.memory_limit) as staging:
        if not run.build_id:
            staging.start_run(run.run_id, run.location, run.state)
        staging.finish_run(run.run_id, outcome, message, stage_seconds)


def list_archive(settings: Settings, source: Source, state: str, index: Index | None) -> Listing:
    """List a state of the archive and its history in staging.

    Raises:
        Unusable: the state holds no file that can be a release.
    """
    snapshot = source.snapshot(state)
    with open_staging(settings.staging, settings.memory_limit) as staging:
        files, release_files = staging.set_listing(source.files(state))
        if not release_files:
            raise Unusable(
                f"{snapshot.location} holds {files:,} files but no release "
                "(such as releases/2003/06/NAME.md): check the source."
            )
        staging.set_history(source.history(state))
    return Listing(snapshot, files, release_files, index)


def build(
    settings: Settings, stages: StageRunner, source: Source, listing: Listing, run: Run, *, dry_run: bool
) -> Outcome:
    """Run the five stages after extract.

    Raises:
        Refused: a guard or a check stopped the run.
    """
    snapshot, index = listing.snapshot, listing.index
    say = stages.report.line
    say(f"extract: {listing.file_count:,} files at {snapshot.state[:12]} of {snapshot.location}")
    if index:
        say(f"extract: {len(index.entries):,} publication times of {index.location}")

    seeds = read_seeds()
    with open_staging(settings.staging, settings.memory_limit) as staging:
        staging.set_error_pages(seeds["error_pages"]["title"])
        parsed = stages.run("parse", lambda: _parse(settings, staging, source, listing, stages.report))
        staging.note_run(run.run_id, parsed_count=parsed)
        names = stages.run("normalise", lambda: _normalise(staging, seeds))
        say(
            f"normalise: {names.minister_decisions.height:,} printed names of ministers, "
            f"{names.portfolio_decisions.height:,} of portfolios"
        )

    info = star.BuildInfo(
        build_id=run.build_id,
        built_at=run.started_at.replace(tzinfo=None),
        source_kind=snapshot.kind,
        source_location=snapshot.location,
        source_state=snapshot.state,
        source_committed_at=snapshot.committed_at.replace(tzinfo=None) if snapshot.committed_at else None,
        index_location=index.location if index else None,
        index_state=index.state if index else None,
        source_history=_source_history(settings, source, snapshot),
        inputs_digest=inputs_digest(),
        code_version=__version__,
    )
    previous = settings.published if publish.is_readable(settings.published) else None
    with star.new_build(settings.building, settings.staging, settings.memory_limit) as connection:
        progress = partial(stages.report.progress, "load")
        rows = stages.run("load", lambda: star.fill(connection, info, seeds, names, index, previous, progress))
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


def _normalise(staging: Staging, seeds: Seeds) -> star.Names:
    """Decide what each printed name means, and look for the names of ministers in the texts."""
    ministers = decide_ministers(staging.printed("minister"), seeds)
    portfolios = decide_portfolios(staging.printed("portfolio"), seeds)
    known = mentions.list_names(seeds, ministers)
    version = mentions.search_version(known)
    for texts in staging.texts_to_search(version):
        staging.add_name_hits([(path, blob) for path, blob, _ in texts], mentions.find_names(texts, known), version)
    return star.Names(ministers, portfolios, known)


def _source_history(settings: Settings, source: Source, snapshot: Snapshot) -> str | None:
    """How the state goes on from the published one; None for a directory, or another source than that was built of."""
    published = read_published(settings.warehouse)
    if not isinstance(source, GitSource) or published is None or published.source_location != snapshot.location:
        return None
    if source.is_ancestor(published.source_state, snapshot.state):
        return "continued"
    return "went_back" if source.is_ancestor(snapshot.state, published.source_state) else "rewritten"


def _parse(settings: Settings, staging: Staging, source: Source, listing: Listing, report: Reporter) -> int:
    """Read the files that the cache does not hold; return how many were read."""
    count, present = staging.count_unread()
    rejected: list[Rejection] = []

    def readable() -> Iterator[ArchiveFile]:
        for file in _unread(staging, source):
            if file.size > settings.max_file_size:
                rejected.append(reject_too_large(file, settings.max_file_size))
            else:
                yield file

    done = 0
    for read in staging.add(_parsed(settings, source.read(readable()), count, report)):
        done += read
        report.progress("parse", done, count)
    for read in staging.add([batches.make_batch(rejected)]):
        done += read
    if not HAS_LIBYAML:
        report.line("parse: PyYAML has no libyaml here, so that parsing takes about five times as long")
    expected = listing.release_file_count
    report.line(f"parse: {done:,} contents read, {expected - present:,} of {expected:,} files known from earlier runs")
    return done


def _unread(staging: Staging, source: Source) -> Iterator[ArchiveFile]:
    """The files that are to be read: of the state, and of states before it."""
    for rows in staging.unread():
        yield from (ArchiveFile(path, blob, size) for path, blob, size in rows if size is not None)
        yield from source.find_earlier((path, blob) for path, blob, size in rows if size is None)


def _parsed(settings: Settings, contents: Iterable[Content], count: int, report: Reporter) -> Iterator[Batch]:
    """Parses here, in processes of this machine, or on a Dask cluster; which of them changes nothing but the time."""
    if count <= _WORTH_A_POOL:
        return batches.parse_many(contents, 1)
    if settings.dask_address:
        from flows.parse import cluster  # noqa: PLC0415 (needs the extra "dask")

        return cluster.parse_on_cluster(contents, settings.dask_address, report.line)
    return batches.parse_many(contents, settings.workers)


def _refuse_to_shrink(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    """Stops where many releases of the published build would be gone: a truncated archive, or another one."""
    (before,) = one_row(connection, "select count(*) from work.previous_release")
    (gone,) = one_row(connection, "select count(*) from meta.change_log where change = 'removed'")
    if gone > max(_MAY_GO, settings.shrink_limit * before) and not settings.allow_shrink:
        raise Refused(
            f"{gone:,} of the {before:,} published releases would be gone, more than {settings.shrink_limit:.0%}: "
            "check the source, then run again with --allow-shrink if it is right. Nothing was published."
        )


def _refuse_unreviewed(settings: Settings, connection: duckdb.DuckDBPyConnection, now: datetime) -> None:
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


def _outcome(connection: duckdb.DuckDBPyConnection, build_id: str, state: str, results: list[CheckResult]) -> Outcome:
    """Reads from the build what a summary tells."""
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
        changed=[Change(*row) for row in changed],
        warnings=[
            CheckWarning(result.name, result.failing_count, result.description) for result in check.warnings(results)
        ],
    )
