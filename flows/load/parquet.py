"""Write the tables and views as Parquet files at each publication.

A table or view with many rows has a file for each year of its releases. Files whose rows cannot have changed since the
publication before are hard links to the files of that one.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
from pydantic import TypeAdapter

from flows.load import datapackage, sqlfiles
from flows.load.changes import UNDATED, Changes, Digests, year_of
from flows.load.database import literal, one_row, run_in_parallel
from flows.load.sqlfiles import SqlFile
from flows.load.state import inputs_digest, sync

# Rows. A row group is held in memory until it is written; 2,048 texts take 12 MB.
_ROW_GROUP_SIZE, _TEXT_ROW_GROUP_SIZE = 8_192, 2_048
_LARGEST = "release_texts"
# Releases whose years are written at a time: DuckDB holds the rows of several files in memory until they are written.
_RELEASES_AT_A_TIME, _TEXTS_AT_A_TIME = 65_536, 8_192
# In the order in which they are begun: what takes longest, or is read by others.
_FIRST = ("main.release_texts", "main.money_amounts", "core.fact_release")
# Tables without a Parquet file: the search index, and the stored texts, which the view release_texts shows in full.
LEFT_OUT = ("search_term", "search_posting", "release_text")
# Columns without a place in the Parquet file: a view makes them from others, and stored they would take 40 MB.
LEFT_OUT_COLUMNS = {"main.release_texts": frozenset({"plain_text"})}
_FACT = "core.fact_release"
FOLDER_NAME = re.compile(r"parquet-\d{8}T\d{6}Z-[0-9a-f]{8}")  # of the files of one build
_CONTENTS = "contents.json"
_EMPTY = "empty"  # the name of a file without rows, where there are none: readers need it for the columns
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _File:
    size: int  # bytes
    changed_at: int  # modification time in nanoseconds
    sha256: str  # empty for a file of one year

    def is_that_of(self, path: Path) -> bool:
        """Return True if the file is there as it was written."""
        try:
            found = path.stat()
        except OSError:
            return False
        return (found.st_size, found.st_mtime_ns) == (self.size, self.changed_at)


@dataclass(frozen=True, slots=True)
class _Contents:
    """What a folder of published files holds, and of which rows: the content of `contents.json`."""

    inputs_digest: str
    digests: Digests
    files: dict[str, _File]  # by the path from the folder


def write_parquet(reader: duckdb.DuckDBPyConnection, folder: Path, progress: Progress | None = None) -> int:
    """Write each table and public view to `SCHEMA/NAME.parquet` with zstd compression; return the number of files."""
    shutil.rmtree(folder, ignore_errors=True)
    # DuckDB writes a file with one thread, so two files are written at a time, beginning with the largest.
    names = _largest_first(published_names(reader))
    hashes: dict[str, str] = {}

    def write_one(cursor: duckdb.DuckDBPyConnection, qualified: str) -> None:
        path = _path_of(folder, qualified)
        _copy(cursor, f"select {_columns(qualified)} from {qualified}", path)  # noqa: S608
        hashes[str(path.relative_to(folder))] = sha256_of(path)

    run_in_parallel(reader, dict.fromkeys(names, ()), write_one, progress)
    datapackage.write(reader, folder, "parquet", left_out=LEFT_OUT_COLUMNS, hashes=hashes)
    sync(*folder.rglob("*"), folder)
    return len(names)


def publish_parquet(reader: duckdb.DuckDBPyConnection, folder: Path, previous: Path) -> None:
    """Write each table and public view to `SCHEMA/NAME.parquet`, or to `SCHEMA/NAME/YEAR.parquet`.

    Args:
        reader: connection to the build.
        folder: folder of the files.
        previous: folder of the files that are published. Its files become files of the new folder if they are as they
            were written, and if no row in them can have changed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    (program,) = one_row(reader, "select inputs_digest from meta.build")
    found = reader.execute("select schema_name || '.' || table_name, column_name from duckdb_columns()").fetchall()
    columns = {(table, column) for table, column in found}
    # A rollback may publish a build of another program, whose SQL is not that in the files.
    is_ours = program == inputs_digest() and all(
        (file.qualified, column) in columns for file in _files().values() for column in file.columns
    )
    digests = Digests.of(reader, LEFT_OUT) if is_ours else Digests({}, {})
    before = _read_contents(previous)
    changes = None
    if is_ours and before.inputs_digest == program and before.digests.years:
        changes = Changes.between(before.digests, digests)
    writer = _Writer.of(reader, folder, _files() if is_ours else {}, columns)
    files: dict[str, _File] = {}
    jobs: dict[str, frozenset[str] | None] = {}  # the years to write; None: all
    for qualified in _largest_first(published_names(reader)):
        years = _changed_years(reader, qualified, previous, before, changes) if changes else None
        if years is None:
            jobs[qualified] = None
            continue
        there = {path: one for path, one in before.files.items() if _name_of(path) == qualified}
        years |= {Path(path).stem for path, one in there.items() if not one.is_that_of(previous / path)}
        if qualified in writer.columns:
            kept = {path: one for path, one in there.items() if Path(path).stem not in {*years, _EMPTY}}
        else:
            kept = {} if years else there
        files |= kept
        if years or not kept:
            jobs[qualified] = years
    copied = [folder / path for path in files if not _link(previous / path, folder / path)]
    written: list[Path] = []

    def write_one(cursor: duckdb.DuckDBPyConnection, qualified: str) -> None:
        new = writer.write(cursor, qualified, jobs[qualified])
        written.extend(new)
        for path in new:
            found = path.stat()
            sha256 = "" if qualified in writer.columns else sha256_of(path)
            files[str(path.relative_to(folder))] = _File(found.st_size, found.st_mtime_ns, sha256)

    run_in_parallel(reader, {name: writer.views_read(name) & jobs.keys() for name in jobs}, write_one)
    hashes = {path: one.sha256 for path, one in files.items() if one.sha256}
    datapackage.write(reader, folder, "parquet", left_out=LEFT_OUT_COLUMNS, hashes=hashes)
    contents = _Contents(program, digests, dict(sorted(files.items())))
    (folder / _CONTENTS).write_text(json.dumps(asdict(contents)), encoding="utf-8")
    sync(*copied, *written, *folder.glob("*.json"), *folder.glob("*/"), *folder.glob("*/*/"), folder)


def published_names(reader: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Return schema and name of each table and view that has a Parquet file."""
    return reader.execute(
        "select schema_name, table_name from duckdb_tables() where table_name not in $1 union all "
        "select schema_name, view_name from duckdb_views() where not internal order by all",
        [list(LEFT_OUT)],
    ).fetchall()


def find_files(folder: Path, qualified: str) -> list[Path]:
    """Return the Parquet files of a table or view: one, or one for each year; none where there are none."""
    path = _path_of(folder, qualified)
    return [path] if path.is_file() else sorted(path.with_suffix("").glob("*.parquet"))


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _changed_years(
    reader: duckdb.DuckDBPyConnection, qualified: str, previous: Path, before: _Contents, changes: Changes
) -> frozenset[str] | None:
    """Return the years of the files in which rows may have changed; None if they may in any file."""
    years = changes.of(qualified)
    file = _files().get(qualified)
    if not years or file is None or not file.within:
        return years
    # Releases of either build that belong to the same as one of a changed year.
    before_them = [path for path in before.files if _name_of(path) == _FACT and Path(path).stem in years]
    if not all(before.files[path].is_that_of(previous / path) for path in before_them):
        return None
    found = set(years)
    for column in file.within:
        groups = f"select {column} from {_FACT} where list_contains($1, {year_of('release_id')})"  # noqa: S608
        if before_them:
            old = ", ".join(literal(previous / path) for path in before_them)
            groups += f" union select {column} from read_parquet([{old}])"  # noqa: S608
        near = f"select distinct {year_of('release_id')} from {_FACT} where {column} in ({groups})"  # noqa: S608
        found |= {year for (year,) in reader.execute(near, [list(years)]).fetchall()}
    return frozenset(found)


def _files() -> dict[str, SqlFile]:
    return {file.qualified: file for file in (*sqlfiles.tables(), *sqlfiles.views())}


def _largest_first(names: list[tuple[str, str]]) -> list[str]:
    qualified = [f"{schema}.{name}" for schema, name in names]
    return sorted(qualified, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))


def _path_of(folder: Path, qualified: str) -> Path:
    return folder / f"{qualified.replace('.', '/')}.parquet"


def _name_of(path: str) -> str:
    """Return the table or view of a file, from the path in its folder."""
    schema, name, *_ = path.removesuffix(".parquet").split("/")
    return f"{schema}.{name}"


def _columns(qualified: str) -> str:
    left_out = LEFT_OUT_COLUMNS.get(qualified)
    return f"* exclude ({', '.join(left_out)})" if left_out else "*"


def _copy(reader: duckdb.DuckDBPyConnection, query: str, path: Path, *options: str) -> int:
    """Copy the rows of a query to a file; return their number."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size = _TEXT_ROW_GROUP_SIZE if _LARGEST in path.parts or path.stem == _LARGEST else _ROW_GROUP_SIZE
    listed = ", ".join(["format parquet", "compression zstd", f"row_group_size {size}", *options])
    (count,) = one_row(reader, f"copy ({query}) to {literal(path)} ({listed})")
    return int(count)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Write the files of a build."""

    folder: Path
    files: Mapping[str, SqlFile]  # tables and views whose SQL is that of the build, by qualified name
    columns: Mapping[str, str]  # column whose years divide the rows, by qualified name
    release_counts: Mapping[str, int]  # by year
    is_plain: bool  # whether every release id begins with the day

    @classmethod
    def of(
        cls, reader: duckdb.DuckDBPyConnection, folder: Path, files: Mapping[str, SqlFile], there: set[tuple[str, str]]
    ) -> "_Writer":
        """Return the writer of a build that has these columns, each with its table or view."""
        columns = {name: file.year_column for name, file in _files().items() if (name, file.year_column) in there}
        counts: dict[str, int] = {}
        for table in (_FACT, "core.release_revision"):
            if table in columns:
                query = f"select {year_of(columns[table])}, count(*) from {table} group by 1"  # noqa: S608
                for year, count in reader.execute(query).fetchall():
                    counts[year] = max(count, counts.get(year, 0))
        (is_plain,) = one_row(reader, f"select count(*) filter (contains(release_id, '/')) = 0 from {_FACT}")  # noqa: S608
        return cls(folder, files, columns, counts, is_plain)

    def views_read(self, qualified: str) -> set[str]:
        """Return the views that a view names and that it can read from their files, which takes less time."""
        views = {view.qualified for view in sqlfiles.views()} - LEFT_OUT_COLUMNS.keys()
        return self.files[qualified].references & views if qualified in self.files else set()

    def write(self, cursor: duckdb.DuckDBPyConnection, qualified: str, years: frozenset[str] | None) -> list[Path]:
        """Write the files of some years, or all files, of a table or view; return them."""
        self._read_from_files(cursor, qualified)
        query = f"select {_columns(qualified)} from {qualified}"  # noqa: S608
        path = _path_of(self.folder, qualified)
        if qualified not in self.columns:
            _copy(cursor, query, path)
            return [path]
        folder, parts, column = path.with_suffix(""), path.with_suffix(".parts"), self.columns[qualified]
        folder.mkdir(parents=True, exist_ok=True)
        # What is left where this was tried before, and memory was too short.
        shutil.rmtree(parts, ignore_errors=True)
        for file in folder.iterdir() if years is None else [folder / f"{year}.parquet" for year in years]:
            file.unlink(missing_ok=True)
        written = []
        for some, where in self._together(qualified, column, years):
            if len(some) == 1:
                file = folder / f"{some[0]}.parquet"
                if _copy(cursor, f"{query}{where}", file):
                    written.append(file)
                else:
                    file.unlink()
                continue
            columns = f"{year_of(column)} as file_year, "
            _copy(cursor, f"select {columns}{query[7:]}{where}", parts, "partition_by (file_year)")
            for part in parts.glob("*/*.parquet"):
                written.append(folder / f"{part.parent.name.partition('=')[2]}.parquet")
                if written[-1].exists():
                    raise FileExistsError(f"DuckDB wrote two files for {written[-1]}.")
                part.rename(written[-1])
            shutil.rmtree(parts, ignore_errors=True)
        if not any(folder.iterdir()):
            written.append(folder / f"{_EMPTY}.parquet")
            _copy(cursor, f"{query} limit 0", written[-1])
        return written

    def _together(self, qualified: str, column: str, years: frozenset[str] | None) -> Iterator[tuple[list[str], str]]:
        """Yield the years that are written at a time, and the condition for their rows; no years for all other rows."""
        most = _TEXTS_AT_A_TIME if qualified.endswith(_LARGEST) else _RELEASES_AT_A_TIME
        if years is None and sum(self.release_counts.values()) <= most:
            yield [], ""
            return
        groups: list[list[str]] = []
        total = most
        for year in sorted(self.release_counts if years is None else years):
            total += self.release_counts.get(year, 0)
            if not groups or total > most:
                groups.append([])
                total = self.release_counts.get(year, 0)
            groups[-1].append(year)
        for some in groups:
            where = f" where list_contains({some}, {year_of(column)})"
            if self.is_plain and column.endswith("_id") and UNDATED not in some:  # DuckDB skips what is outside
                where += f" and {column} >= '{some[0]}-' and {column} < '{some[-1]}.'"
            yield some, where
        if years is None:
            yield [], f" where not list_contains({list(self.release_counts)}, {year_of(column)})"

    def _read_from_files(self, cursor: duckdb.DuckDBPyConnection, qualified: str) -> None:
        """Let a view read other views from their files: DuckDB looks for a temporary view of a name first."""
        for view in self.views_read(qualified):
            name, files = view.partition(".")[2], ", ".join(literal(path) for path in find_files(self.folder, view))
            cursor.execute(f"create or replace temp view {name} as from read_parquet([{files}])")


def _link(source: Path, target: Path) -> bool:
    """Make a file of the published folder one of another folder; return False if it had to be copied."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copy2(source, target)
        return False
    return True


def _read_contents(folder: Path) -> _Contents:
    """Return what a folder holds; nothing if that is not recorded, or the record is damaged."""
    try:
        return TypeAdapter(_Contents).validate_json((folder / _CONTENTS).read_bytes())
    except (OSError, ValueError):
        return _Contents("", Digests({}, {}), {})
