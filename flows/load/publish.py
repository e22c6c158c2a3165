"""Publishing: a finished build takes the place of the published file in one atomic step.

A reader holds either the old file or the new one, whole, whatever happens to this process: the build is
written, closed, opened again and read before the one rename that makes it public.
"""

import os
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from flows.errors import Refused
from flows.load import datapackage
from flows.load.database import connect, one_row
from flows.load.lock import writer_lock
from flows.load.parquet import sync, write_parquet
from flows.load.star import STORAGE_VERSION
from flows.load.state import Published, read_published, write_published
from flows.settings import Settings

_READ_ONLY = 0o444
_STAMP = "%Y%m%dT%H%M%S%fZ"
_BUILD_STAMP = "%Y%m%dT%H%M%SZ"
_PARQUET = re.compile(r"parquet-(\d{8}T\d{6}Z)-")
_RECORDED = (
    "build_id", "source_location", "source_state", "index_state", "inputs_digest", "code_version", "release_count"
)  # fmt: skip


def refuse_if_taken(settings: Settings) -> None:
    """Stops where somebody else is in the way of what is to be published.

    Raises:
        Refused: a process holds the published file read-write, and its log would be replayed onto the new one; or a
            folder stands in the place of the link to the Parquet. The message names it.
    """
    published, parquet = settings.published, settings.parquet
    if parquet.is_dir() and not parquet.is_symlink():
        raise Refused(
            f"{parquet} is a folder, and a link to the Parquet of the published build is to stand there: move it away, "
            "then run again. The published build is unchanged."
        )
    if not published.exists():
        return
    try:
        duckdb.connect(str(published), read_only=True).close()
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            holder = str(error).splitlines()[0].partition("Conflicting lock is held in ")[2] or "another process"
            raise Refused(
                f"{published} is held read-write by {holder.split('. See')[0]}: close it there (readers open the "
                "file read-only), then run again. The published build is unchanged."
            ) from error
    except duckdb.Error:
        return  # a damaged file has no holder to respect: it is replaced


def is_readable(published: Path) -> bool:
    """Tells whether there is a build that can be opened and asked, of a layout that the next can be compared with."""
    if not published.exists():
        return False
    try:
        with duckdb.connect(str(published), read_only=True) as reader:
            reader.execute("select source_path, source_blob, release_id, title, url from core.fact_release limit 1")
            reader.execute("select build_id, source_kind, source_location from meta.build")
    except duckdb.Error:
        return False
    return True


def publish(settings: Settings, build_id: str, **recorded: Any) -> Published:
    """Puts the closed build at `settings.building` in the place of the published file, and its Parquet beside it.

    Args:
        settings: of the warehouse.
        build_id: of the build, which must say so itself.
        recorded: fields of `Published` that are not what they are after a refresh.

    Returns:
        What is published, as it is recorded.
    """
    parquet = settings.warehouse / "parquet.building"
    with connect(settings.building, read_only=True, memory_limit=settings.memory_limit) as reader:
        _test(reader, settings.building, build_id)
        made_of = dict(zip(_RECORDED, one_row(reader, f"select {', '.join(_RECORDED)} from meta.build"), strict=True))  # noqa: S608
        file_count = write_parquet(reader, parquet)
    settings.building.chmod(_READ_ONLY)
    sync(settings.building)
    refuse_if_taken(settings)
    _keep_previous(settings)
    Path(f"{settings.published}.wal").unlink(missing_ok=True)  # nobody holds the file: a leftover belongs to no one
    settings.building.replace(settings.published)
    sync(settings.warehouse)
    _switch_parquet(settings, build_id, parquet)
    file, now = settings.published.stat(), datetime.now(UTC).isoformat()
    values = {
        **made_of,
        "file_size": file.st_size,
        "file_changed_at": file.st_mtime_ns,
        "parquet_file_count": file_count,
        "published_at": now,
        "checked_at": now,
        **recorded,
    }
    record = Published(**values)
    write_published(settings.warehouse, record)
    return record


def new_build_id(settings: Settings, started_at: datetime, state: str) -> str:
    """The start and the source's state: readable, never given twice, and after the published build and one taken back.

    Where the clock went back, it is a second after the latest: by their ids a rollback tells which build was before.
    """
    stamp = started_at.strftime(_BUILD_STAMP)
    names = [path.name for path in settings.warehouse.glob("parquet-*")]  # of the last two builds: cheaper than to open
    latest = max((found[1] for name in names if (found := _PARQUET.match(name))), default="")
    if stamp <= latest:
        after = datetime.strptime(latest, _BUILD_STAMP).replace(tzinfo=UTC) + timedelta(seconds=1)
        stamp = after.strftime(_BUILD_STAMP)
    return f"{stamp}-{state[:8]}"


def earlier_builds(settings: Settings) -> list[tuple[str, Path]]:
    """The kept builds that can be opened, by build id, the latest first."""
    found = []
    for path in settings.builds.glob("beehive-*.duckdb"):
        if is_readable(path):
            with duckdb.connect(str(path), read_only=True) as reader:
                found.append((str(one_row(reader, "select build_id from meta.build")[0]), path))
    return sorted(found, reverse=True)


def rollback(settings: Settings) -> tuple[str, str]:
    """Publishes the build before the published one again; gives the id of the one taken back and of the one restored.

    What was taken back is not published again until there is a new state of the source, or until it is told to.

    Raises:
        Refused: another process refreshes or holds the file, or no earlier build is kept.
    """
    with writer_lock(settings.warehouse):
        record = read_published(settings.warehouse)
        if record is None:
            raise Refused(f"There is no published build in {settings.warehouse} to take back: run `beehive refresh`.")
        earlier = next(((build, path) for build, path in earlier_builds(settings) if build < record.build_id), None)
        if earlier is None:
            raise Refused(f"No build before {record.build_id} is kept in {settings.builds}: nothing was changed.")
        build_id, kept = earlier
        settings.building.unlink(missing_ok=True)
        shutil.copy2(kept, settings.building)
        withdrawn = {
            name: getattr(record, name) for name in ("build_id", "source_state", "index_state", "inputs_digest")
        }
        publish(settings, build_id, checked_at=record.checked_at, withdrawn=withdrawn, failure=record.failure)
        return record.build_id, build_id


def _test(reader: duckdb.DuckDBPyConnection, building: Path, build_id: str) -> None:
    """Asks the build, as a reader would, who it is and whether old clients can read it."""
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


def _keep_previous(settings: Settings) -> None:
    """Keeps the published build, unless it is damaged, under its own name; the oldest kept builds go."""
    if settings.keep_builds and is_readable(settings.published):
        settings.builds.mkdir(exist_ok=True)
        earlier = sorted(settings.builds.glob("beehive-*.duckdb"))
        built = datetime.fromtimestamp(settings.published.stat().st_mtime, UTC)
        if earlier:  # the names tell the order in which builds were published, whatever the clock did in between
            latest = datetime.strptime(earlier[-1].stem, f"beehive-{_STAMP}").replace(tzinfo=UTC)
            built = max(built, latest + timedelta(microseconds=1))
        kept = settings.builds / f"beehive-{built.strftime(_STAMP)}.duckdb"
        if not any(path.samefile(settings.published) for path in earlier):  # else a run kept it and was killed
            try:
                os.link(settings.published, kept)
            except OSError:  # a file system without hard links
                aside = settings.builds / "keeping"
                shutil.copy2(settings.published, aside)
                aside.replace(kept)
    if settings.builds.exists():
        kept_builds = sorted(settings.builds.glob("beehive-*.duckdb"))
        for old in kept_builds[: max(0, len(kept_builds) - settings.keep_builds)]:
            old.unlink()


def _switch_parquet(settings: Settings, build_id: str, folder: Path) -> None:
    """Points the link `parquet` at the new folder in one step; the folder before the last goes."""
    final = folder.with_name(f"parquet-{build_id}")
    if _sizes(final) == _sizes(folder):
        shutil.rmtree(folder)  # a rollback to a build that readers may still read
    else:
        shutil.rmtree(final, ignore_errors=True)
        folder.rename(final)
    link = settings.parquet.with_name("parquet.new")
    link.unlink(missing_ok=True)
    link.symlink_to(final.name)
    previous = settings.parquet.readlink().name if settings.parquet.is_symlink() else ""
    link.replace(settings.parquet)
    for old in settings.warehouse.glob("parquet-*"):
        if old.name not in (final.name, previous):
            shutil.rmtree(old)


def _sizes(folder: Path) -> dict[str, int]:
    files = [*folder.glob("*/*.parquet"), *folder.glob(datapackage.FILE)]
    return {str(path.relative_to(folder)): path.stat().st_size for path in files}
