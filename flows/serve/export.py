"""The export of tables and public views to CSV, Parquet or XLSX files, with a Data Package that describes them.

CSV follows RFC 4180, in UTF-8 without a byte order mark. A text that a spreadsheet would take for a formula stays as it
is, because other readers need the original. A missing value is an empty cell, an empty text is a pair of quotes, and
the Data Package says which columns have no missing value.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from flows.errors import Refused, Unusable
from flows.load import datapackage
from flows.load.database import connect, literal, one_row
from flows.load.parquet import FOLDER_NAME, Progress, published_names, sha256_of, write_parquet
from flows.load.state import sync
from flows.serve.output import refuse_to_overwrite
from flows.serve.workbook import DoesNotFit, write_view
from flows.settings import Settings

FORMATS = ("csv", "parquet", "xlsx")
TIMESTAMP = "%Y-%m-%dT%H:%M:%S.%fZ"  # UTC in ISO 8601, the default of Table Schema


@dataclass(frozen=True, slots=True)
class Exported:
    """The files that an export wrote."""

    file_count: int
    size: int  # bytes
    left_out: dict[str, str]  # why, by view, in a clause


def export(settings: Settings, folder: Path, file_format: str, progress: Progress) -> Exported:
    """Write every table and public view of the published build to a folder, with `datapackage.json`.

    XLSX is written of the public views alone.

    The files are written to another folder first, which then replaces an earlier export.

    Args:
        settings: of the warehouse.
        folder: a new or empty folder, or an earlier export to replace.
        file_format: csv, parquet or xlsx.
        progress: receives the numbers of files written and of all files.

    Raises:
        Refused: the folder holds something else, or another export is writing it.
        Unusable: the format is unknown, nothing is published, or the folder cannot be written.
    """
    if file_format not in FORMATS:
        raise Unusable(f"There is no export format {file_format!r}: choose one of {', '.join(FORMATS)}.")
    if not settings.published.exists():
        raise Unusable(f"There is no warehouse at {settings.published}: run `beehive refresh` first.")
    folder = Path(os.path.abspath(folder))  # noqa: PTH100 (resolve() would follow a link, which must be refused)
    _refuse_if_not_ours(folder)
    try:
        with (
            _building_folder(folder) as building,
            connect(settings.published, read_only=True, memory_limit=settings.memory_limit) as reader,
        ):
            left_out: dict[str, str] = {}
            if file_format == "xlsx":
                file_count = write_xlsx(reader, building, progress, left_out)
            else:
                writer = write_csv if file_format == "csv" else write_parquet
                file_count = writer(reader, building, progress)
            size = sum(path.stat().st_size for path in building.rglob("*") if path.is_file())
            _refuse_if_not_ours(folder)  # again: somebody may have written to it meanwhile
            _replace_folder(building, folder)
    except OSError as error:
        raise Unusable(f"{folder} cannot be written ({error.strerror}): check the folder and the disk.") from error
    except duckdb.Error as error:
        raise Unusable(
            f"{settings.published} cannot be exported to {folder}: {str(error).splitlines()[0]} Check the disk. If an "
            "older version built the warehouse, run `beehive refresh` first."
        ) from error
    return Exported(file_count, size, left_out)


def write_csv(reader: duckdb.DuckDBPyConnection, folder: Path, progress: Progress) -> int:
    """Write each table and public view as `schema/name.csv`; return the number of files."""
    checksums = {}
    hashes = {}
    complete_columns = {}
    names = published_names(reader)
    for done, (schema, name) in enumerate(names, start=1):
        qualified = f"{schema}.{name}"
        (folder / schema).mkdir(parents=True, exist_ok=True)
        path = folder / schema / f"{name}.csv"
        options = f"format csv, header, new_line '\\r\\n', timestampformat {literal(TIMESTAMP)}"
        reader.execute(f"copy (from {qualified}) to {literal(path)} ({options})")
        checksums[qualified] = _measure(path)
        hashes[f"{schema}/{name}.csv"] = checksums[qualified]["hash"].removeprefix("sha256:")
        complete_columns[qualified] = _complete_columns(reader, schema, name)
        progress(done, len(names))
    datapackage.write(reader, folder, "csv", checksums, complete_columns, hashes=hashes)
    sync(*folder.rglob("*"), folder)
    return len(names)


def write_xlsx(reader: duckdb.DuckDBPyConnection, folder: Path, progress: Progress, left_out: dict[str, str]) -> int:
    """Write each public view as `main/name.xlsx`; return the number of files.

    Args:
        reader: connection to the build.
        folder: folder of the files.
        progress: receives the numbers of views written and of all views.
        left_out: receives why a view cannot be written.
    """
    names = [name for schema, name in published_names(reader) if schema == "main"]
    checksums = {}
    (folder / "main").mkdir(parents=True, exist_ok=True)
    for done, name in enumerate(names, start=1):
        path = folder / "main" / f"{name}.xlsx"
        try:
            with path.open("wb") as file:
                write_view(file, reader, name)
            checksums[f"main.{name}"] = _measure(path)
        except DoesNotFit as error:
            path.unlink()
            left_out[f"main.{name}"] = str(error)
        progress(done, len(names))
    datapackage.write(reader, folder, "xlsx", checksums)
    sync(*folder.rglob("*"), folder)
    return len(checksums)


def _complete_columns(reader: duckdb.DuckDBPyConnection, schema: str, name: str) -> frozenset[str]:
    """Return the text columns without a missing value."""
    found = reader.execute(
        "select column_name from duckdb_columns() where schema_name = $1 and table_name = $2 and data_type = 'VARCHAR'",
        [schema, name],
    ).fetchall()
    columns = [column for (column,) in found]
    if not columns:
        return frozenset()
    counts = ", ".join(f'count(*) filter ("{column}" is null)' for column in columns)
    missing = one_row(reader, f"select {counts} from {schema}.{name}")  # noqa: S608
    return frozenset(column for column, count in zip(columns, missing, strict=True) if count == 0)


def _measure(path: Path) -> dict[str, Any]:
    """Return the size and hash of a file, as a Data Package has them."""
    return {"bytes": path.stat().st_size, "hash": f"sha256:{sha256_of(path)}"}


def _refuse_if_not_ours(folder: Path) -> None:
    """Raise if a folder is not an earlier export, or holds a file that no export wrote: all of it would be deleted."""
    refuse_to_overwrite(folder, _is_export_or_empty, "an export")
    if folder.exists():
        written = datapackage.list_files(folder) or set()
        for path in sorted(folder.rglob("*")):
            if str(path.relative_to(folder)) not in written and not (path.is_dir() and not path.is_symlink()):
                raise Refused(
                    f"{path} was not written by an export, and an export replaces the whole folder: move that file, or "
                    "name another folder."
                )


def _is_export_or_empty(folder: Path) -> bool:
    if folder.is_symlink() or not folder.is_dir() or FOLDER_NAME.fullmatch(folder.name):  # of a published build
        return False
    return datapackage.list_files(folder) is not None or not any(folder.iterdir())


@contextmanager
def _building_folder(folder: Path) -> Iterator[Path]:
    """Yield an empty folder beside the target, locked against other exports."""
    building = folder.with_name(f".{folder.name}.export-building")
    building.mkdir(parents=True, exist_ok=True)
    handle = os.open(building, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(f"Another export is writing {folder}: wait for it to end, then run again.") from error
        for leftover in building.iterdir():  # from an export that was killed
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        try:
            yield building
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
    finally:
        os.close(handle)


def _replace_folder(building: Path, folder: Path) -> None:
    """Replace a folder by two renames; if this is killed between them, the next export completes it."""
    previous = folder.with_name(f".{folder.name}.export-before")
    shutil.rmtree(previous, ignore_errors=True)
    if folder.exists():
        folder.rename(previous)
    building.rename(folder)
    shutil.rmtree(previous, ignore_errors=True)
