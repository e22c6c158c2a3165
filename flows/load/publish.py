"""Publish a finished build: replace the published file in one atomic step.

A reader sees either the whole old file or the whole new one, whatever happens to this process. The build is written,
closed, opened again and read before one rename publishes it.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from flows.errors import Refused
from flows.load.database import connect, dicts, one_row
from flows.load.lock import writer_lock
from flows.load.parquet import FOLDER_NAME, publish_parquet
from flows.load.star import STORAGE_VERSION
from flows.load.state import Published, measure_parquet, read_published, read_record, sync, write_published, write_whole
from flows.settings import Settings

_READ_ONLY = 0o444
_KEPT_STAMP = "%Y%m%dT%H%M%S%fZ"  # in the file name of a kept build
_BUILD_STAMP = "%Y%m%dT%H%M%SZ"  # in a build id
# Only files with this name, and folders with FOLDER_NAME, are counted as earlier builds.
_KEPT = re.compile(r"beehive-\d{8}T\d{12}Z\.duckdb")
_MUST_NOT_SHRINK = ("releases", "exact_days", "seed_rows")  # measures
_BUILD_COLUMNS = (
    "build_id", "source_location", "source_state", "index_state", "inputs_digest", "code_version", "release_count"
)  # fmt: skip


def refuse_if_taken(settings: Settings) -> bool:
    """Raise if the published file or the link to the Parquet files cannot be replaced.

    Returns:
        True if a build of this version or of an earlier one can be read there, so that it is worth keeping.

    Raises:
        Refused: a process has the published file open for writing (its write-ahead log would later be replayed onto the
            new file), a link, a folder or a file of somebody else is in its place, or a folder is where the link to the
            Parquet files must be. The message names it.
    """
    published, parquet = settings.published, settings.parquet
    if published.is_symlink() or published.is_dir():
        raise Refused(
            f"{published} is a {'link' if published.is_symlink() else 'folder'}, but a refresh puts a file there: move "
            "it away, then run again. To keep the warehouse on another disk, set --warehouse to a folder there."
        )
    if parquet.is_dir() and not parquet.is_symlink():
        raise Refused(
            f"{parquet} is a folder, but a link to the published Parquet files must be there: move it away, then run "
            "again. The published build is unchanged."
        )
    if not published.exists():
        return False
    try:
        with duckdb.connect(str(published), read_only=True) as reader:
            reader.execute("from core.fact_release limit 1")
            reader.execute("select build_id from meta.build")
    except duckdb.Error as error:
        if "Could not set lock" in str(error):
            holder = str(error).splitlines()[0].partition("Conflicting lock is held in ")[2] or "another process"
            raise Refused(
                f"{published} is open for writing by {holder.split('. See')[0]}: close it there (readers open the "
                "file read-only), then run again. The published build is unchanged."
            ) from error
        if read_record(settings.warehouse) is None:
            raise Refused(
                f"{published} is no build of this program, or a damaged one without a record: move it away, then run "
                "again."
            ) from error
        return False  # a damaged build is replaced
    return True


def find_previous(settings: Settings) -> Path | None:
    """Return the build with which the next one is compared; None if there is none.

    It is the published one. If that is gone or damaged, it is the latest kept one that was published before it.
    """
    if _is_readable(settings.published):
        return settings.published
    record = read_record(settings.warehouse)
    kept = [path for build_id, path in _read_kept_builds(settings) if not record or build_id <= record.build_id]
    return next((path for path in reversed(kept) if _is_readable(path)), None)


def _is_readable(path: Path) -> bool:
    """Return True if a build can be read and has the columns with which the next one is compared."""
    if not path.exists():
        return False
    try:
        with duckdb.connect(str(path), read_only=True) as reader:
            reader.execute("select source_path, source_blob, release_id, title, url from core.fact_release limit 1")
            reader.execute("select build_id, source_kind, source_location from meta.build")
    except duckdb.Error:
        return False
    return True


def publish(settings: Settings, build_id: str, **recorded: Any) -> Published:
    """Replace the published file with the closed build at `settings.building`, and write its Parquet files.

    What earlier rollbacks withdrew stays on record, except builds of the state that is published now.

    Args:
        settings: the settings of the warehouse.
        build_id: id of the build, which the file must have.
        recorded: fields of `Published` to set differently than a refresh sets them.

    Returns:
        The record of what is published.

    Raises:
        Refused: the build reads back wrongly, or the published file cannot be replaced.
    """
    parquet = _unfinished_parquet(settings)
    with connect(settings.building, read_only=True, memory_limit=settings.memory_limit) as reader:
        _verify_build(reader, settings.building, build_id)
        (build,) = dicts(reader, f"select {', '.join(_BUILD_COLUMNS)} from meta.build")  # noqa: S608
        publish_parquet(reader, parquet, settings.parquet.resolve())
        measures = _measures(reader, read_record(settings.warehouse), build_id)
    settings.building.chmod(_READ_ONLY)
    sync(settings.building)
    _keep_previous(settings, is_intact=refuse_if_taken(settings))
    Path(f"{settings.published}.wal").unlink(missing_ok=True)  # a leftover: nobody has the file open
    settings.building.replace(settings.published)
    sync(settings.warehouse)
    _switch_parquet(settings, build_id, parquet)
    file, now = settings.published.stat(), datetime.now(UTC).isoformat()
    file_count, size = measure_parquet(settings.parquet)
    made = {
        "file_size": file.st_size,
        "file_changed_at": file.st_mtime_ns,
        "parquet_file_count": file_count,
        "parquet_size": size,
        "measures": measures,
    }
    before = read_record(settings.warehouse)
    still = [one for one in before.withdrawn if one["source_state"] != build["source_state"]] if before else []
    record = Published(**{**build, **made, "published_at": now, "checked_at": now, "withdrawn": still, **recorded})
    write_published(settings.warehouse, record)
    return record


def new_build_id(settings: Settings, started_at: datetime, state: str) -> str:
    """Return a new build id, made of the start of the run and the state of the source.

    Ids sort in the order of the builds, on which a rollback relies. If the clock went back, the id is one second after
    the latest build.
    """
    stamp = started_at.strftime(_BUILD_STAMP)
    # Of the last two builds, withdrawn or not.
    stamps = [path.name.split("-")[1] for path in _parquet_folders(settings)]
    latest = max(stamps, default="")
    if stamp <= latest:
        after = datetime.strptime(latest, _BUILD_STAMP).replace(tzinfo=UTC) + timedelta(seconds=1)
        stamp = after.strftime(_BUILD_STAMP)
    return f"{stamp}-{state[:8]}"


@dataclass(frozen=True, slots=True)
class Rollback:
    """The builds that a rollback exchanged, by id."""

    withdrawn: str
    restored: str


def rollback(settings: Settings) -> Rollback:
    """Publish the previous build again; builds that were withdrawn before are passed over.

    A refresh does not publish the state of a withdrawn build again, unless it is a rebuild.

    Raises:
        Refused: another process refreshes the warehouse or has the file open for writing, or no earlier build is kept
            that this version can publish.
    """
    with writer_lock(settings.warehouse):
        record = read_published(settings.warehouse)
        if record is None:
            raise Refused(f"There is no published build in {settings.warehouse} to withdraw: run `beehive refresh`.")
        withdrawn = [*record.withdrawn, {"build_id": record.build_id, "source_state": record.source_state}]
        left_out = {one["build_id"] for one in withdrawn}
        kept = [one for one in _read_kept_builds(settings) if one[0] < record.build_id and one[0] not in left_out]
        if not kept:
            raise Refused(f"No build before {record.build_id} is kept in {settings.builds}: nothing was changed.")
        build_id, path = max(kept)
        settings.building.unlink(missing_ok=True)
        shutil.copy2(path, settings.building)
        try:
            publish(settings, build_id, checked_at=record.checked_at, withdrawn=withdrawn, failure=record.failure)
        except (duckdb.CatalogException, duckdb.BinderException, KeyError) as error:
            reason = str(error).splitlines()[0]
            raise Refused(
                f"{path} cannot be published again: another version of this program built it with other tables "
                f"({reason}). Nothing was changed. `beehive refresh --ref COMMIT` publishes an earlier state."
            ) from error
        finally:
            settings.building.unlink(missing_ok=True)
            shutil.rmtree(_unfinished_parquet(settings), ignore_errors=True)
        return Rollback(withdrawn=record.build_id, restored=build_id)


def _read_kept_builds(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Yield the id and the file of each kept build that can be read."""
    for path in _kept_builds(settings):
        with suppress(duckdb.Error), duckdb.connect(str(path), read_only=True) as reader:
            (build_id,) = one_row(reader, "select build_id from meta.build")
            yield build_id, path


def _kept_builds(settings: Settings) -> list[Path]:
    """Return the files of earlier builds, in the order of publication."""
    paths = settings.builds.glob("beehive-*.duckdb")
    return sorted(path for path in paths if _KEPT.fullmatch(path.name) and path.is_file() and not path.is_symlink())


def _unfinished_parquet(settings: Settings) -> Path:
    return settings.warehouse / "parquet.building"


def _parquet_folders(settings: Settings) -> list[Path]:
    """Return the folders of published Parquet files, those of earlier builds too."""
    return [path for path in settings.warehouse.glob("parquet-*") if FOLDER_NAME.fullmatch(path.name)]


def _verify_build(reader: duckdb.DuckDBPyConnection, building: Path, build_id: str) -> None:
    """Raise if the build has another id, another number of releases or a format that BI tools cannot open."""
    found, claimed = one_row(reader, "select build_id, release_count from main.build_info")
    (counted,) = one_row(reader, "select count(*) from main.releases")
    (stored,) = one_row(
        reader, "select tags['storage_version'] from duckdb_databases() where database_name = current_database()"
    )
    if (found, claimed) != (build_id, counted):
        raise Refused(f"{building} reads back as {found} with {counted} releases, not as build {build_id}: run again.")
    if not str(stored).startswith(STORAGE_VERSION):
        raise Refused(
            f"{building} was written in format {stored}, which BI tools cannot open: it must be {STORAGE_VERSION}."
        )


def _measures(reader: duckdb.DuckDBPyConnection, before: Published | None, build_id: str) -> dict[str, dict[str, int]]:
    """Return the counts with which the guards compare the next build, by measure and subject.

    They are the rows of meta.measure. Of what must not become fewer, it is the largest number of any build since a
    guard was last allowed to pass, so that a guard also sees what goes little by little. A rollback starts anew.
    """
    measures: dict[str, dict[str, int]] = {}
    with suppress(duckdb.CatalogException):  # a build of an earlier version, which a rollback publishes again
        for measure, subject, count in reader.execute("from meta.measure order by all").fetchall():
            measures.setdefault(measure, {})[subject] = count
        (allowed,) = one_row(reader, "select count(*) from meta.guard where is_allowed and seen_count > 0")
        if before and before.build_id < build_id and not allowed:
            for measure in _MUST_NOT_SHRINK:
                counts = measures.setdefault(measure, {})
                for subject, count in before.measures.get(measure, {}).items():
                    counts[subject] = max(count, counts.get(subject, 0))
    return measures


def _keep_previous(settings: Settings, *, is_intact: bool) -> None:
    """Keep the published build, unless it is damaged; delete the oldest kept builds beyond `keep_builds`."""
    if settings.keep_builds and is_intact:
        settings.builds.mkdir(exist_ok=True)
        earlier = _kept_builds(settings)
        built = datetime.fromtimestamp(settings.published.stat().st_mtime, UTC)
        if earlier:  # file names sort in the order of publication, even if the clock went back
            latest = datetime.strptime(earlier[-1].stem, f"beehive-{_KEPT_STAMP}").replace(tzinfo=UTC)
            built = max(built, latest + timedelta(microseconds=1))
        kept = settings.builds / f"beehive-{built.strftime(_KEPT_STAMP)}.duckdb"
        if not any(path.samefile(settings.published) for path in earlier):  # a killed run may have kept it
            _note_made(settings, kept)
            try:
                os.link(settings.published, kept)
            except OSError:  # a file system without hard links
                aside = settings.builds / "keeping"
                shutil.copy2(settings.published, aside)
                sync(aside)
                aside.replace(kept)
            sync(settings.builds)
    made = _read_made(settings)
    kept_builds = [path for path in _kept_builds(settings) if path in made]
    for old in kept_builds[: max(0, len(kept_builds) - settings.keep_builds)]:
        old.unlink()


def _switch_parquet(settings: Settings, build_id: str, folder: Path) -> None:
    """Point the link `parquet` at the new folder in one step; keep the previous folder and delete older ones."""
    final = folder.with_name(f"parquet-{build_id}")
    if _file_sizes(final) == _file_sizes(folder):
        shutil.rmtree(folder)  # after a rollback, the folder of that build may still be there and in use
    else:
        shutil.rmtree(final, ignore_errors=True)
        _note_made(settings, final)
        folder.rename(final)
    link = settings.parquet.with_name("parquet.new")
    link.unlink(missing_ok=True)
    link.symlink_to(final.name)
    previous = settings.parquet.readlink().name if settings.parquet.is_symlink() else ""
    link.replace(settings.parquet)
    made = _read_made(settings)
    for old in _parquet_folders(settings):
        if old in made and old.name not in (final.name, previous):
            shutil.rmtree(old)


def _read_made(settings: Settings) -> set[Path]:
    """Return the builds and Parquet folders that refreshes of this warehouse made: nothing else is deleted.

    Without a manifest, as in a warehouse of an earlier version, they are those with a name that only refreshes give.
    """
    try:
        names = settings.made.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {*_kept_builds(settings), *_parquet_folders(settings)}
    return {settings.warehouse / name for name in names}


def _note_made(settings: Settings, new: Path) -> None:
    """Add a build or folder that is about to be made to the manifest, and drop what is gone."""
    there = sorted({new, *(path for path in _read_made(settings) if path.exists())})
    write_whole(settings.made, "".join(f"{path.relative_to(settings.warehouse)}\n" for path in there))


def _file_sizes(folder: Path) -> dict[str, int]:
    files = [*folder.rglob("*.parquet"), *folder.glob("*.json")]
    return {str(path.relative_to(folder)): path.stat().st_size for path in files}
