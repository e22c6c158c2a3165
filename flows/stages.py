"""Do the work of each stage of a refresh; `flows.pipeline` runs the stages in order if the archive has changed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain, islice
from typing import Any

import duckdb
import polars as pl

from flows import __version__
from flows.errors import Refused, Unusable
from flows.extract.git import GitSource
from flows.extract.index import Index
from flows.extract.model import ArchiveFile, Content, Snapshot, Source
from flows.load import check, guards, publish, sqlfiles, star
from flows.load.check import CheckResult, ChecksFailed
from flows.load.database import connect, dicts, one_row
from flows.load.guards import GuardResult
from flows.load.staging import ListingCounts, Staging, open_staging, set_aside_if_damaged
from flows.load.state import inputs_digest, read_published, read_record, refuse_changed_program
from flows.load.transform import NeedsFullBuild
from flows.normalise import entities, mentions
from flows.normalise.entities import KnownEntities
from flows.normalise.ministers import decide_ministers
from flows.normalise.offices import decide_titles, decision_version
from flows.normalise.portfolios import decide_portfolios
from flows.normalise.seeds import Seeds, read_seeds
from flows.parse import batches
from flows.parse.batches import Batch
from flows.parse.release import HAS_LIBYAML, MAX_FILE_SIZE, Rejection, reject_too_large
from flows.parse.workers import map_in_workers
from flows.run import Change, CheckWarning, Outcome, Reporter, Run, StageRunner
from flows.settings import Settings

__all__ = ["build", "end_run", "list_archive", "read_inputs", "set_aside_if_damaged"]

_MAX_PARSED_HERE = 2_000  # files; parsing these takes less time than starting worker processes
_CHANGES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a build depends on besides the archive, read once."""

    digest: str  # of seeds, SQL, code and libraries, as `inputs_digest` returns it
    seeds: Seeds


@dataclass(frozen=True, slots=True)
class Listing:
    """One state of the archive, listed in staging, and what else the build is made from."""

    snapshot: Snapshot
    counts: ListingCounts
    inputs: Inputs
    index: Index | None


def read_inputs(digest: str, *, are_checked: bool = False) -> Inputs:
    """Read seeds and SQL files; later changes to them count for the next refresh.

    Args:
        digest: what `inputs_digest` returned before.
        are_checked: the published build was made with the same digest, so that its seeds are right.

    Raises:
        Refused: a file was changed meanwhile.
        Unusable: a file cannot be read.
    """
    seeds = read_seeds(are_checked=are_checked)
    sqlfiles.read_again()
    if inputs_digest() != digest:
        raise Refused("Seeds or SQL files were changed while they were read: run again. Nothing was published.")
    return Inputs(digest, seeds)


def end_run(settings: Settings, run: Run, outcome: str, message: str, stage_seconds: dict[str, float]) -> None:
    """Log how a run ended."""
    with open_staging(settings.staging, settings.memory_limit) as staging:
        if not run.build_id:
            staging.start_run(run.run_id, run.location, run.state)
        staging.finish_run(run.run_id, outcome, message, stage_seconds)


def list_archive(
    settings: Settings, source: Source, state: str, inputs: Inputs, index: Index | None, *, rebuild: bool = False
) -> Listing:
    """Store the list of an archive's files and its history in staging.

    If staging holds those of an earlier state, apply what changed since then, unless all is to be read anew.

    Raises:
        Unusable: no file can be a release.
    """
    snapshot = source.snapshot(state)
    with open_staging(settings.staging, settings.memory_limit) as staging:
        lister = source.lister()
        listed = staging.find_listed(lister) if lister and not rebuild else None
        difference = source.compare(listed, state) if listed else None
        if difference:
            counts = staging.update_listing(difference, state)
        else:
            counts = staging.replace_listing(source.files(state))
        if not counts.releases:
            raise Unusable(
                f"{snapshot.location} holds {counts.files:,} files but no release "
                "(such as releases/2003/06/NAME.md): check the source."
            )
        if not difference:
            staging.replace_history(source.history(state))
            staging.note_listed(lister, state)
    return Listing(snapshot, counts, inputs, index)


def build(
    settings: Settings,
    stages: StageRunner,
    source: Source,
    listing: Listing,
    run: Run,
    *,
    rebuild: bool,
    dry_run: bool,
    allow: frozenset[str],
) -> Outcome:
    """Run the five stages after extract: parse, normalise, load, check and publish.

    Raises:
        Refused: a guard or a check stopped the run, or another program has the published file open for writing.
    """
    snapshot, index, seeds = listing.snapshot, listing.index, listing.inputs.seeds
    publish.refuse_if_taken(settings)
    say = stages.report.line
    say(f"extract: {listing.counts.files:,} files at {snapshot.state[:12]} of {snapshot.location}")
    if index:
        say(f"extract: {len(index.entries):,} publication times of {index.location}")

    with open_staging(settings.staging, settings.memory_limit) as staging:
        if rebuild:
            staging.clear_cache()
        staging.start_run(run.run_id, run.location, run.state)
        run.build_id = publish.new_build_id(settings, run.started_at, snapshot.state)
        staging.replace_error_pages(seeds["error_pages"]["title"])
        with staging.keep_little_in_memory(settings.memory_limit):  # the workers need it
            parsed = stages.run("parse", lambda: _parse(settings, staging, source, listing, stages.report))
        staging.update_run(run.run_id, parsed_count=parsed)
        names = stages.run("normalise", lambda: _normalise(settings, staging, seeds, stages.report))
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
        inputs_digest=listing.inputs.digest,
        code_version=__version__,
    )
    published, file = read_published(settings.warehouse), publish.find_previous(settings)
    is_same = published is not None and published.inputs_digest == info.inputs_digest and file == settings.published
    previous = star.Previous(file, record=read_record(settings.warehouse), is_alike=is_same and not rebuild)

    built = _load_by_difference(settings, stages, info, star.Inputs(seeds, names, index, previous), allow)
    stopping, results, outcome = built.stopping, built.results, built.outcome
    failed = check.failures(results)

    if stopping:
        settings.building.replace(settings.rejected)
        raise Refused(
            f"{guards.describe(stopping)} Nothing was published. The build is {settings.rejected}, whose "
            "meta.change_log lists what changed."
        )
    if outcome is None or failed:
        settings.building.replace(settings.rejected)
        raise ChecksFailed(
            f"{len(failed)} of {len(results)} checks failed, first {failed[0].name!r} ({failed[0].failing_count:,} "
            f"rows, such as {failed[0].failing_rows[0]}): look at meta.check_result in {settings.rejected}. "
            "Nothing was published.",
            failed,
        )
    refuse_changed_program()
    if inputs_digest() != listing.inputs.digest:
        say("seeds or SQL files were changed during this refresh: the next one applies the changes")
    if dry_run:
        outcome.status, outcome.message = "dry_run", f"Dry run, nothing published. {outcome.message}"
    else:
        made = stages.run("publish", lambda: publish.publish(settings, info.build_id))
        settings.work_building.replace(settings.work)
        say(f"publish: {settings.published} ({made.file_size / 1e6:.1f} MB) and {settings.parquet}")
    outcome.stage_seconds = stages.seconds
    return outcome


@dataclass(frozen=True, slots=True)
class _Built:
    """A build before it is published."""

    stopping: list[GuardResult]  # guards that stop the refresh
    results: list[CheckResult]  # empty if a guard stops it
    outcome: Outcome | None  # None if a guard stops it


def _load_by_difference(
    settings: Settings, stages: StageRunner, info: star.BuildInfo, inputs: star.Inputs, allow: frozenset[str]
) -> _Built:
    """Bring a copy of the published build up to date, or build everything anew if that fails."""
    number, reason = _next_increment(settings, info, inputs.previous)
    if reason is None:
        try:
            built = _load(settings, stages, replace(info, increment_number=number), inputs, allow)
            failed = check.failures(built.results)
            if not failed and not built.stopping:
                return built
            reason = (
                f"the incremental build fails the check {failed[0].name}"
                if failed
                else "a guard stops an incremental build"
            )
        except (NeedsFullBuild, duckdb.Error) as error:
            reason = str(error).splitlines()[0]
    stages.report.line(f"load: everything is built anew, because {reason}")
    return _load(settings, stages, replace(info, full_build_reason=reason), inputs, allow)


def _load(
    settings: Settings, stages: StageRunner, info: star.BuildInfo, inputs: star.Inputs, allow: frozenset[str]
) -> _Built:
    """Fill a build, compare it with the one before it, and check it."""
    say = stages.report.line
    with star.new_build(settings, is_incremental=info.increment_number > 0) as connection:
        progress = partial(stages.report.progress, "load")
        rows = stages.run("load", lambda: star.fill(connection, info, inputs, progress))
        say(f"load: {rows['core.fact_release']:,} releases in {len(rows)} tables")
        stopping = guards.run_guards(connection, allow)
        if stopping:
            return _Built(stopping, [], None)
        results = stages.run("check", lambda: check.check(connection, is_incremental=info.increment_number > 0))
        _refuse_unreviewed(settings, connection, info.built_at)
        failed, warned = check.failures(results), check.warnings(results)
        say(f"check: {len(results)} checks, {len(failed)} failed, {len(warned)} warn")
        return _Built([], results, _outcome(connection, info.build_id, info.source_state, results))


def _next_increment(settings: Settings, info: star.BuildInfo, previous: star.Previous) -> tuple[int, str | None]:
    """Return the number of incremental builds with the next one, and the reason why a full build is needed, if any."""
    if not previous.is_alike or previous.record is None:
        return 0, "no published build was made by this program from these seeds"
    if info.source_history != "continued":
        return 0, f"the source does not go on from the published commit ({info.source_history or 'a directory'})"
    try:
        with connect(settings.work, read_only=True) as reader:
            build_id, number = one_row(reader, "select build_id, increment_number from work.main.build")
    except duckdb.Error:
        return 0, f"{settings.work.name} is missing or damaged"
    if build_id != previous.record.build_id:
        return 0, f"{settings.work.name} is of another build than the published one"
    if number >= settings.full_build_every:
        return 0, f"{number} incremental builds were made since the last full one"
    return number + 1, None


def _normalise(settings: Settings, staging: Staging, seeds: Seeds, report: Reporter) -> star.Names:
    """Decide what each printed name means, and search the texts for ministers, places and laws."""
    printed = staging.printed_names()
    ministers = decide_ministers(printed.ministers, seeds)
    portfolios = decide_portfolios(printed.portfolios, seeds)
    names = mentions.list_names(seeds, ministers)
    with staging.keep_little_in_memory(settings.memory_limit):  # the workers need it
        known = entities.list_entities(seeds)
        _search(staging, names, known, settings.workers, lambda line: report.line(f"normalise: {line}"))
    provisional = dict(portfolios.filter(rule="provisional").select("portfolio_id", "provisional_name").rows())
    version = decision_version(seeds, provisional)
    texts = staging.undecided_titles(version)
    titles = staging.decide_titles(texts, decide_titles(texts, seeds, provisional), version)
    return star.Names(ministers, portfolios, names, titles)


def _search(
    staging: Staging, names: pl.DataFrame, known: KnownEntities, workers: int, say: Callable[[str], object]
) -> None:
    """Search the new texts, and those in which a search for other names may have found something else."""
    version = f"{mentions.search_version()}-{known.version}"
    staging.keep_searches(version)
    if changed := mentions.find_changed(staging.searched_names(), names):
        stale = [key for texts in staging.texts_searched() for key in mentions.find_holding(texts, changed)]
        staging.replace_searched_names(names, stale)
    pages = staging.texts_to_search()
    first = list(islice(pages, 2))
    search = partial(entities.search, names=names, known=known)
    for searched in map_in_workers(search, chain(first, pages), workers if len(first) > 1 else 1, say):
        staging.store_searched(searched, version)


def _source_history(settings: Settings, source: Source, snapshot: Snapshot) -> str | None:
    """Return how the state follows the published one in git: continued, went_back or rewritten.

    Return None for a directory, or if the published build was made from another source.
    """
    published = read_published(settings.warehouse)
    if not isinstance(source, GitSource) or published is None or published.source_location != snapshot.location:
        return None
    if source.is_ancestor(published.source_state, snapshot.state):
        return "continued"
    return "went_back" if source.is_ancestor(snapshot.state, published.source_state) else "rewritten"


def _parse(settings: Settings, staging: Staging, source: Source, listing: Listing, report: Reporter) -> int:
    """Parse the files that staging does not hold; return how many were parsed."""
    unparsed = staging.count_unparsed()
    rejected: list[Rejection] = []

    def small_files() -> Iterator[ArchiveFile]:
        for file in _list_unparsed(staging, source):
            if file.size > MAX_FILE_SIZE:
                rejected.append(reject_too_large(file))
            else:
                yield file

    done = 0
    for count in staging.store(_parse_contents(settings, source.read(small_files()), unparsed.contents, report)):
        done += count
        report.progress("parse", done, unparsed.contents)
    if rejected:
        done += sum(staging.store([batches.make_batch(rejected)]))
    if not HAS_LIBYAML:
        report.line("parse: PyYAML is installed without libyaml; parsing takes about five times as long")
    expected = listing.counts.releases
    known = expected - unparsed.listed
    report.line(f"parse: {done:,} contents read, {known:,} of {expected:,} files known from earlier runs")
    return done


def _list_unparsed(staging: Staging, source: Source) -> Iterator[ArchiveFile]:
    """Yield the files to parse: those of the listing, and earlier contents that only the history has."""
    for files in staging.list_unparsed():
        yield from (ArchiveFile(path, blob, size) for path, blob, size in files if size is not None)
        yield from source.find_earlier((path, blob) for path, blob, size in files if size is None)


def _parse_contents(settings: Settings, contents: Iterable[Content], count: int, report: Reporter) -> Iterator[Batch]:
    """Parse in this process, in worker processes or on a Dask cluster; the result is the same."""
    if count <= _MAX_PARSED_HERE:
        return batches.parse_many(contents, 1)
    if settings.dask_address:
        from flows.parse import cluster  # noqa: PLC0415 (needs the extra "dask")

        return cluster.parse_on_cluster(contents, settings.dask_address, report.line)
    return batches.parse_many(contents, settings.workers, say=lambda line: report.line(f"parse: {line}"))


def _refuse_unreviewed(settings: Settings, connection: duckdb.DuckDBPyConnection, now: datetime) -> None:
    """Raise if a name has awaited review for more than `review_within_days`.

    Raises:
        Refused: the message says how many names, and which is first.
    """
    overdue = guards.list_overdue_names(connection, settings.review_within_days, now)
    if overdue:
        raise Refused(
            f"{len(overdue)} names have awaited review for more than {settings.review_within_days:g} days, first "
            f"{overdue[0]!r}: decide with `beehive review`, or set review_within_days higher. Nothing was published."
        )


def _how_made(info: dict[str, Any]) -> str:
    """Return in a sentence whether a build is incremental, from its row of build_info."""
    if info["touched_count"] is None:
        return f"Everything was built anew: {info['full_build_reason']}."
    return f"Only the rows of {info['touched_count']:,} releases, and what they add up to, were computed anew."


def _outcome(connection: duckdb.DuckDBPyConnection, build_id: str, state: str, results: list[CheckResult]) -> Outcome:
    """Return the summary of a run, read from its build."""
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
        (has_previous,) = one_row(connection, "select is_there from work.previous")
        words = "none changed" if has_previous else "first build"
    return Outcome(
        status="published",
        message=f"{info['release_count']:,} releases ({words}), {info['quarantined_count']:,} quarantined, "
        f"{info['excluded_count']:,} excluded. {_how_made(info)}",
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
