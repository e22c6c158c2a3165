"""The tables and views as files, with a Data Package that describes them: Parquet at each publication, CSV on demand.

CSV is as RFC 4180 has it, in UTF-8 without a byte order mark. Cells are as they are: what a spreadsheet takes for a
formula is data here, and a cell changed to please one would be wrong for all others. A missing value is an empty cell,
an empty text a pair of quotes; the descriptor says in which columns nothing is missing.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.errors import Refused, Unusable
from flows.load import datapackage
from flows.load.database import connect, literal, one_row
from flows.load.parquet import Progress, published_names, write_parquet
from flows.settings import Settings

FORMATS = ("csv", "parquet")
TIMESTAMP = "%Y-%m-%dT%H:%M:%S.%fZ"  # UTC, as ISO 8601 and the default of Table Schema have it


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote."""

    file_count: int
    size: int  # bytes


def export(settings: Settings, folder: Path, file_format: str, progress: Progress) -> Exported:
    """Writes every table and public view of the published build into a folder, with `datapackage.json` beside them.

    The folder is written aside and takes the place of an earlier export when it is whole.

    Args:
        settings: of the warehouse.
        folder: where to; not there yet, empty, or an earlier export.
        file_format: csv or parquet.
        progress: told how many files of how many are written.

    Raises:
        Refused: the folder holds something else, or another export writes it.
        Unusable: there is no such format, nothing is published, or the folder cannot be written.
    """
    if file_format not in FORMATS:
        raise Unusable(f"There is no format {file_format!r} to export: choose one of {', '.join(FORMATS)}.")
    if not settings.published.exists():
        raise Unusable(f"There is no warehouse at {settings.published}: run `beehive refresh` first.")
    folder = Path(os.path.abspath(folder))  # noqa: PTH100  # a link stays a link, and is refused
    _refuse_if_not_ours(folder)
    if folder == settings.parquet.resolve():
        raise Refused(f"{folder} is the published Parquet: name another folder to export to.")
    try:
        with (
            _aside(folder) as building,
            connect(settings.published, read_only=True, memory_limit=settings.memory_limit) as reader,
        ):
            writer = write_csv if file_format == "csv" else write_parquet
            file_count = writer(reader, building, progress)
            size = sum(path.stat().st_size for path in building.rglob("*") if path.is_file())
            _refuse_if_not_ours(folder)  # what stands there may have come while this wrote
            _put_in_place(building, folder)
    except OSError as error:
        raise Unusable(f"{folder} cannot be written ({error.strerror}): check the folder and the disk.") from error
    except duckdb.Error as error:
        raise Unusable(
            f"{settings.published} cannot be exported to {folder}: {str(error).splitlines()[0]} Check the disk; run "
            "`beehive refresh` first, in case an older version built it."
        ) from error
    return Exported(file_count, size)


def write_csv(reader: duckdb.DuckDBPyConnection, folder: Path, progress: Progress) -> int:
    """Writes each table and public view as `schema/name.csv`; gives how many."""
    sums = {}
    complete = {}
    names = published_names(reader)
    for done, (schema, name) in enumerate(names, start=1):
        qualified = f"{schema}.{name}"
        (folder / schema).mkdir(parents=True, exist_ok=True)
        path = folder / schema / f"{name}.csv"
        options = f"format csv, header, new_line '\\r\\n', timestampformat {literal(TIMESTAMP)}"
        reader.execute(f"copy (from {qualified}) to {literal(path)} ({options})")
        sums[qualified] = {"bytes": path.stat().st_size, "hash": f"sha256:{_sha256(path)}"}
        complete[qualified] = _complete(reader, schema, name)
        progress(done, len(names))
    datapackage.write(reader, folder, "csv", sums, complete)
    return len(names)


def _complete(reader: duckdb.DuckDBPyConnection, schema: str, name: str) -> frozenset[str]:
    """The columns of text in which nothing is missing."""
    columns = [
        column
        for (column,) in reader.execute(
            "select column_name from duckdb_columns() where schema_name = $1 and table_name = $2 "
            "and data_type = 'VARCHAR'",
            [schema, name],
        ).fetchall()
    ]
    if not columns:
        return frozenset()
    counts = ", ".join(f'count(*) filter ("{column}" is null)' for column in columns)
    missing = one_row(reader, f"select {counts} from {schema}.{name}")  # noqa: S608
    return frozenset(column for column, count in zip(columns, missing, strict=True) if count == 0)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_if_not_ours(folder: Path) -> None:
    """Stops where something that no export wrote would be replaced."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise Refused(f"{folder} is not a folder, so no export takes its place: name another one.")
    if folder.is_dir() and any(folder.iterdir()) and not datapackage.is_ours(folder):
        raise Refused(
            f"{folder} holds something else than an earlier export, and an export takes the place of the whole folder: "
            "name another one."
        )


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """An empty folder beside the target, held against other exports; what a killed one left in it goes."""
    import fcntl  # noqa: PLC0415 (not on every system that can refresh)

    building = folder.with_name(f".{folder.name}.export-building")
    building.mkdir(parents=True, exist_ok=True)
    handle = os.open(building, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(f"Another export writes {folder}: wait for it to end, then run again.") from error
        for left in building.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        try:
            yield building
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
    finally:
        os.close(handle)


def _put_in_place(building: Path, folder: Path) -> None:
    """Two renames; killed between them, the next export finishes."""
    before = folder.with_name(f".{folder.name}.export-before")
    shutil.rmtree(before, ignore_errors=True)
    if folder.exists():
        folder.rename(before)
    building.rename(folder)
    shutil.rmtree(before, ignore_errors=True)
