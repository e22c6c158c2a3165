"""The tables and views as Parquet files, written at each publication."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from flows.load import datapackage
from flows.load.database import literal, run_in_parallel

_ROW_GROUP, _TEXT_ROW_GROUP = 8_192, 2_048  # rows; 2,048 texts are 12 MB, and a group is in memory until it is written
_LARGEST = "release_texts"
# Tables of the published file alone: the index of the search, and the texts, which the view release_texts has whole.
LEFT_OUT = ("search_term", "search_posting", "release_text")
Progress = Callable[[int, int], None]


def write_parquet(reader: duckdb.DuckDBPyConnection, folder: Path, progress: Progress | None = None) -> int:
    """Writes each table and public view as one zstd file, `schema/name.parquet`; gives how many."""
    shutil.rmtree(folder, ignore_errors=True)
    names = published_names(reader)
    # DuckDB writes a file with one thread, so two are written at once, the one that takes longest first.
    names.sort(key=lambda name: name[1] != _LARGEST)
    tables = {".".join(name): name for name in names}
    run_in_parallel(
        reader,
        dict.fromkeys(tables, ()),
        lambda cursor, qualified: _write_one_parquet(cursor, folder, *tables[qualified]),
        progress,
    )
    datapackage.write(reader, folder, "parquet")
    sync(folder / datapackage.FILE)
    return len(names)


def sync(path: Path) -> None:
    """Makes a file, or the names in a folder, survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def published_names(reader: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Return schema and name of each table and view that is published as a file."""
    return reader.execute(
        "select schema_name, table_name from duckdb_tables() where table_name not in $1 union all "
        "select schema_name, view_name from duckdb_views() where not internal order by all",
        [list(LEFT_OUT)],
    ).fetchall()


def _write_one_parquet(reader: duckdb.DuckDBPyConnection, folder: Path, schema: str, name: str) -> None:
    (folder / schema).mkdir(parents=True, exist_ok=True)
    target = literal(folder / schema / f"{name}.parquet")
    options = f"format parquet, compression zstd, row_group_size {_TEXT_ROW_GROUP if name == _LARGEST else _ROW_GROUP}"
    reader.execute(f"copy (from {schema}.{name}) to {target} ({options})")
    sync(folder / schema / f"{name}.parquet")
