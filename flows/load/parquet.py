"""Write the tables and views as Parquet files at each publication."""

import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from flows.load import datapackage
from flows.load.database import literal, run_in_parallel
from flows.load.state import sync

# Rows. A row group is held in memory until it is written; 2,048 texts take 12 MB.
_ROW_GROUP_SIZE, _TEXT_ROW_GROUP_SIZE = 8_192, 2_048
_LARGEST = "release_texts"
# Tables without a Parquet file: the search index, and the stored texts, which the view release_texts shows in full.
LEFT_OUT = ("search_term", "search_posting", "release_text")
# Columns without a place in the Parquet file: a view makes them from others, and stored they would take 40 MB.
LEFT_OUT_COLUMNS = {"main.release_texts": frozenset({"plain_text"})}
FOLDER_NAME = re.compile(r"parquet-\d{8}T\d{6}Z-[0-9a-f]{8}")  # of the files of one build
Progress = Callable[[int, int], None]


def write_parquet(reader: duckdb.DuckDBPyConnection, folder: Path, progress: Progress | None = None) -> int:
    """Write each table and public view to `SCHEMA/NAME.parquet` with zstd compression; return the number of files."""
    shutil.rmtree(folder, ignore_errors=True)
    names = published_names(reader)
    # DuckDB writes a file with one thread, so two files are written at a time, beginning with the largest.
    names.sort(key=lambda name: name[1] != _LARGEST)
    tables = {".".join(name): name for name in names}
    hashes: dict[str, str] = {}

    def write_one(cursor: duckdb.DuckDBPyConnection, qualified: str) -> None:
        path = _write_one_parquet(cursor, folder, *tables[qualified])
        hashes[str(path.relative_to(folder))] = sha256_of(path)

    run_in_parallel(reader, dict.fromkeys(tables, ()), write_one, progress)
    datapackage.write(reader, folder, "parquet", left_out=LEFT_OUT_COLUMNS, hashes=hashes)
    sync(*folder.rglob("*"), folder)
    return len(names)


def published_names(reader: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Return schema and name of each table and view that has a Parquet file."""
    return reader.execute(
        "select schema_name, table_name from duckdb_tables() where table_name not in $1 union all "
        "select schema_name, view_name from duckdb_views() where not internal order by all",
        [list(LEFT_OUT)],
    ).fetchall()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_one_parquet(reader: duckdb.DuckDBPyConnection, folder: Path, schema: str, name: str) -> Path:
    (folder / schema).mkdir(parents=True, exist_ok=True)
    path = folder / schema / f"{name}.parquet"
    size = _TEXT_ROW_GROUP_SIZE if name == _LARGEST else _ROW_GROUP_SIZE
    options = f"format parquet, compression zstd, row_group_size {size}"
    left_out = LEFT_OUT_COLUMNS.get(f"{schema}.{name}")
    columns = f"* exclude ({', '.join(left_out)})" if left_out else "*"
    reader.execute(f"copy (select {columns} from {schema}.{name}) to {literal(path)} ({options})")  # noqa: S608
    return path
