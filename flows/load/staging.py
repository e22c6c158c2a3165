"""The private file of releases as read: a cache of parsing, keyed by path and content, and the log of runs.

Losing it costs one full read and nothing else; readers are never pointed at it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa

from flows.errors import Unusable
from flows.extract.model import ArchiveFile, Commit, FileChange, groups
from flows.load import sqlfiles
from flows.load.database import connect, dicts, insert, literal, one_row
from flows.normalise.mentions import NameHit
from flows.parse.batches import RELEASES, Batch
from flows.parse.release import PARSER_VERSION
from flows.parse.text import clean_simply

_STORED_AT_ONCE = 2_048  # files; about 6 MB of text, and a whole group of rows: those are written once, others twice
_MOST_AT_ONCE = 16_000_000  # bytes of rows, or one batch; 2,048 files of the archive make 8 million
_LISTED_AT_ONCE = 16_384  # files or changes of files: each part is a wait for the disk
_SEARCHED_AT_ONCE = 8_000_000  # bytes of files
_AT_ONCE = 4_096  # files that are named to be read

# What is to be read or searched is noted once, in order, since both take place while something else is stored.
_UNREAD = """
create or replace temp table unread as
select path, blob, listing.size, row_number() over (order by path, blob) as place
from unparsed left join listing using (path, blob)
"""
_UNSEARCHED = f"""
create or replace temp table unsearched as
select release_row, sum(size) over (order by release_row rows unbounded preceding) // {_SEARCHED_AT_ONCE} as page
from current_release anti join name_search using (path, blob)
"""  # noqa: S608
_LONG_TEXTS = ("body", "cleaned_body")
_TEXT_COLUMNS = ("change", "path", "blob", "previous_path", "previous_blob")
_HIT_TYPES = {"verb": pl.String, "passage_place": pl.Int32, "passage_length": pl.Int32, "is_direct": pl.Boolean}


class _Numbers(dict[str, int]):
    """The number of each term; one that has none gets the next."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


class Staging:
    """An open staging file. One writer: the caller holds the warehouse lock."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self._term_ids = _Numbers()  # known as soon as something is stored

    def set_listing(self, files: Iterable[ArchiveFile]) -> tuple[int, int]:
        """Replaces the listing by that of the state being loaded; gives how many files and how many of releases.

        Not in one transaction, whose rows would be held in memory: what a run that is killed leaves of a listing, the
        next one replaces.
        """
        file_count = release_count = 0
        self.connection.execute("truncate listing")
        for some in groups(files, _LISTED_AT_ONCE):
            rules = [file.exclusion for file in some]
            frame = pl.DataFrame(
                {
                    "path": [file.path for file in some],
                    "blob": [file.blob for file in some],
                    "size": [file.size for file in some],
                    "content_type": [file.content_type for file in some],
                    "exclusion": rules,
                },
                schema_overrides={"exclusion": pl.String},
            )
            self._insert("listing", frame)
            file_count += len(some)
            release_count += rules.count(None)
        return file_count, release_count

    def set_history(self, steps: Iterable[Commit | FileChange]) -> None:
        """Replaces what the archive's own log says, in parts as the listing."""
        for table in ("archive_commit", "file_change"):
            self.connection.execute(f"truncate {table}")
        for some in groups(steps, _LISTED_AT_ONCE):
            commits = _columns(Commit, [step for step in some if isinstance(step, Commit)])
            commits["committed_at"] = [at.replace(tzinfo=None) for at in commits["committed_at"]]
            self._insert("archive_commit", pl.DataFrame(commits, schema_overrides={"committed_at": pl.Datetime("us")}))
            changes = _columns(FileChange, [step for step in some if isinstance(step, FileChange)])
            types = dict.fromkeys(_TEXT_COLUMNS, pl.String)
            self._insert("file_change", pl.DataFrame(changes, schema_overrides=types))

    def set_error_pages(self, titles: pl.Series) -> None:
        """Replaces the titles by which an error page is told from a release."""
        self._replace("error_page_title", pl.DataFrame({"title": titles}))

    def count_unread(self) -> tuple[int, int]:
        """Contents that this parser has not read yet, and how many stand in the state; drops what an older one read."""
        for table in ("release", "rejection"):
            self.connection.execute(f"delete from {table} where parser_version <> $1", [PARSER_VERSION])  # noqa: S608
        self.connection.execute(_UNREAD)
        count, present = one_row(self.connection, "select count(*), count(size) from temp.unread")
        return count, present

    def unread(self) -> Iterator[list[tuple[str, str, int | None]]]:
        """Path, blob and bytes of what was counted, some at a time and in order; None of one that stands no more."""
        first = 1
        while rows := self.connection.execute(
            "select path, blob, size from temp.unread where place between $1 and $2 order by place",
            [first, first + _AT_ONCE - 1],
        ).fetchall():
            yield rows
            first += _AT_ONCE

    def add(self, batches: Iterable[Batch]) -> Iterator[int]:
        """Stores parsed batches and tells how many files each held.

        Several batches share a transaction: a small one costs a wait for the disk and writes its texts twice. A run
        that is killed half-way keeps what was stored, and the next one goes on from there.
        """
        waiting: list[Batch] = []
        for batch in batches:
            if waiting and sum(one.releases.nbytes for one in (*waiting, batch)) > _MOST_AT_ONCE:
                self._store(waiting)
                waiting = []
            waiting.append(batch)
            if sum(map(len, waiting)) >= _STORED_AT_ONCE:
                self._store(waiting)
                waiting = []
            yield len(batch)
        if waiting:
            self._store(waiting)

    def _store(self, batches: list[Batch]) -> None:
        self.connection.begin()
        # In one piece: of many, DuckDB's threads would make many groups of rows, and write all again when it is closed.
        self._insert("release", pa.Table.from_batches(self._with_term_ids(batches)).combine_chunks())
        self._insert("rejection", pa.Table.from_batches([batch.rejections for batch in batches]))
        self.connection.commit()

    def _with_term_ids(self, batches: list[Batch]) -> list[pa.RecordBatch]:
        """The releases of batches with the numbers that this file has for their terms; one that has none gets one."""
        known = self._term_ids
        (first,) = one_row(self.connection, "select count(*) from term")
        if len(known) != first:  # none is known yet, or a transaction that failed left numbers of nothing
            known.clear()
            known.update(self.connection.execute("select term, term_id from term").fetchall())
        found = []
        for batch in batches:
            numbers = pa.array(map(known.__getitem__, batch.terms), pa.int32())
            lists = batch.releases["term_ids"]
            ids = pa.ListArray.from_arrays(lists.offsets, numbers.take(lists.values))
            found.append(batch.releases.set_column(batch.releases.schema.get_field_index("term_ids"), "term_ids", ids))
        new = pl.DataFrame(
            {"term_id": range(first, len(known)), "term": list(known)[first:]},
            schema={"term_id": pl.Int32, "term": pl.String},
        )
        self._insert("term", new)
        return found

    def texts_to_search(self, search_version: str) -> Iterator[list[tuple[str, str, str]]]:
        """Path, blob and cleaned body of what was not searched for these names yet, in batches; drops other finds."""
        (stale,) = one_row(
            self.connection, "select count(*) from name_search where search_version <> $1", [search_version]
        )
        if stale:
            self._truncate("name_search", "name_hit")
        self.connection.execute(_UNSEARCHED)
        pages = self.connection.execute("select distinct page from temp.unsearched order by page").fetchall()
        texts = self.connection.sql(
            "select page, path, blob, body, cleaned_body "
            "from temp.unsearched inner join release on unsearched.release_row = release.rowid"
        )
        for (page,) in pages:
            rows = texts.filter(f"page = {page}").project("* exclude (page)").fetchall()
            yield [(path, blob, clean_simply(body) if clean is None else clean) for path, blob, body, clean in rows]

    def add_name_hits(self, searched: list[tuple[str, str]], hits: list[NameHit], search_version: str) -> None:
        """Stores what was found in the texts that were searched."""
        paths, blobs = zip(*searched, strict=True) if searched else ((), ())
        self.connection.begin()
        self._insert("name_search", pl.DataFrame({"path": paths, "blob": blobs, "search_version": search_version}))
        self._insert("name_hit", pl.DataFrame(_columns(NameHit, hits), schema_overrides=_HIT_TYPES))
        self.connection.commit()

    def printed(self, name_kind: str) -> pl.DataFrame:
        """The distinct printed names of a kind in the loaded state, with the evidence that normalising weighs."""
        names = self.connection.table("printed_name").filter(f"name_kind = {literal(name_kind)}")
        frame: pl.DataFrame = names.project("* exclude (name_kind)").pl()
        return frame

    def forget(self) -> None:
        """Drops every release as read, so that all are read anew; the log of runs stays."""
        self._truncate("release", "rejection", "term", "name_search", "name_hit")
        self._term_ids.clear()

    def start_run(self, run_id: str, location: str, state: str | None) -> None:
        """Logs that a run began, and that any run still marked running was interrupted."""
        self.connection.execute("update run set outcome = 'interrupted' where outcome = 'running'")
        self.connection.execute(
            "insert into run (run_id, started_at, outcome, source_location, source_state) "
            "values ($1, $2, 'running', $3, $4)",
            [run_id, _now(), location, state],
        )

    def note_run(self, run_id: str, **values: Any) -> None:
        """Adds to the row of a run."""
        for column, value in values.items():
            self.connection.execute(f'update run set "{column}" = $1 where run_id = $2', [value, run_id])  # noqa: S608

    def finish_run(self, run_id: str, outcome: str, message: str, stage_seconds: dict[str, float]) -> None:
        """Logs how a run ended, and the wall seconds of its stages."""
        self.note_run(run_id, finished_at=_now(), outcome=outcome, message=message, stage_seconds=stage_seconds)

    def _truncate(self, *tables: str) -> None:
        """Empties all of them or none: finds without the texts they are of would be counted twice."""
        self.connection.begin()
        for table in tables:
            self.connection.execute(f"truncate {table}")
        self.connection.commit()

    def _replace(self, table: str, frame: pl.DataFrame) -> None:
        self.connection.execute(f"truncate {table}")
        self._insert(table, frame)

    def _insert(self, table: str, rows: pl.DataFrame | pa.Table) -> None:
        if len(rows):
            insert(self.connection, table, rows)


@contextmanager
def open_staging(path: Path, memory_limit: str) -> Iterator[Staging]:
    """Open the staging file; make a new one if it is missing, damaged or of another layout.

    Args:
        path: of the file.
        memory_limit: of DuckDB, such as `384MB`.

    Raises:
        Unusable: another process has opened it.
    """
    connection = _connect(path, memory_limit)
    try:
        _create(connection)
        yield Staging(connection)
    finally:
        connection.close()


def _connect(path: Path, memory_limit: str) -> duckdb.DuckDBPyConnection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection: duckdb.DuckDBPyConnection | None = None
    is_usable = False
    try:
        connection = _attached(path, memory_limit)
        is_usable = _has_layout_or_is_new(connection)
    except (duckdb.IOException, duckdb.ResourceInUseException) as error:
        if isinstance(error, duckdb.ResourceInUseException) or "lock" in str(error).lower():
            raise Unusable(f"{path} is in use: {_first_line(error)}. End that process and run again.") from error
    except duckdb.Error:
        is_usable = False  # not a database that this DuckDB can read
    if connection is None or not is_usable:
        if connection is not None:
            connection.close()
        _set_aside(path)
        connection = _attached(path, memory_limit)
    return connection


def _create(connection: duckdb.DuckDBPyConnection) -> None:
    """Create whatever is missing of the tables and views, all of it or nothing."""
    connection.begin()
    for statement in _statements(connection):
        connection.execute(statement)
    connection.execute("insert into layout select $1 where not exists (from layout)", [_layout(connection)])
    connection.commit()


def _statements(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the statements that create the file: the table of releases from the parsed columns, the others from sql/.

    So a new front-matter key needs no statement of its own.
    """
    connection.register("parsed", RELEASES.empty_table())
    columns = ", ".join(
        f'"{name}" {data_type}' + (" using compression 'zstd'" if name in _LONG_TEXTS else "")
        for name, data_type, *_ in connection.execute("describe from parsed").fetchall()
    )
    connection.unregister("parsed")
    return [f"create table if not exists release ({columns})", *(file.statement for file in sqlfiles.staging())]


def _layout(connection: duckdb.DuckDBPyConnection) -> str:
    """Return a digest of the statements: a file of another layout is set aside and read again."""
    return hashlib.sha256("\0".join(_statements(connection)).encode()).hexdigest()[:12]


def _has_layout_or_is_new(connection: duckdb.DuckDBPyConnection) -> bool:
    names = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
    if "layout" not in names:
        return not names
    return connection.execute("select digest from layout").fetchall() == [(_layout(connection),)]


def _attached(path: Path, memory_limit: str) -> duckdb.DuckDBPyConnection:
    connection = connect(memory_limit=memory_limit, temp_directory=f"{path}.tmp")
    try:
        connection.execute(f"attach {literal(path)} as staging (row_group_size {_STORED_AT_ONCE})")
    except BaseException:
        connection.close()
        raise
    connection.execute("use staging")
    return connection


def set_aside_if_damaged(path: Path) -> bool:
    """Reads the whole staging file, and sets it aside where that fails; damage may lie where a run comes late."""
    try:
        with connect(path, read_only=True) as connection:
            for (table,) in connection.execute("select table_name from duckdb_tables()").fetchall():
                connection.execute(f"select bit_xor(hash(one)) from {table} as one").fetchall()  # noqa: S608
    except duckdb.Error:
        _set_aside(path)
        return True
    return False


def _set_aside(path: Path) -> None:
    path.with_suffix(".duckdb.wal").unlink(missing_ok=True)
    path.replace(path.with_suffix(".duckdb.unreadable"))


def _columns(kind: type, rows: list[Any]) -> dict[str, list[Any]]:
    return {one.name: list(map(attrgetter(one.name), rows)) for one in fields(kind)}


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def read_last_run(path: Path) -> dict[str, Any] | None:
    """The last run in the log; None where there is none, or while a refresh holds the file."""
    if not path.exists():
        return None
    try:
        with connect(path, read_only=True) as connection:
            runs = dicts(connection, "from run order by rowid desc limit 1")
    except duckdb.Error:
        return None
    return runs[0] if runs else None
