"""Keep the parsed releases in a private DuckDB file: a cache by path and content, and the log of runs.

If the file is lost, the next run parses every file again; only the log is gone. People never read it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from itertools import count
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl
import pyarrow as pa

from flows.errors import Unusable, explain
from flows.extract.model import ArchiveFile, Commit, Difference, FileChange, Listed, chunked
from flows.load import sqlfiles
from flows.load.database import connect, insert, literal, one_row
from flows.normalise.entities import EntityCount, Searched
from flows.normalise.mentions import NameHit, SearchText
from flows.parse.batches import RELEASES, Batch
from flows.parse.release import PARSER_VERSION
from flows.parse.terms import find_family
from flows.parse.text import clean_simply

# A transaction of parsed releases: a whole row group, which DuckDB writes once (it writes a part of a group twice), but
# no more bytes than the second limit. 2,048 files of the archive make 8 million bytes of rows.
_ROW_GROUP_SIZE = 2_048  # files
_MAX_STORED_BYTES = 16_000_000
_LITTLE_MEMORY = "96MB"  # six times the largest transaction of parsed releases
_LISTING_CHUNK = 16_384  # files or changes in a transaction, each of which waits for the disk
_SEARCH_PAGE_BYTES = 8_000_000  # of the files whose texts are searched at a time
_UNPARSED_PAGE = 4_096  # files

# These tables fix the order of pages, because the tables that they are made from change while the pages are read.
_LIST_UNPARSED = """
create or replace temp table unparsed_file as
select path, blob, listing.size, row_number() over (order by path, blob) as place
from unparsed left join listing using (path, blob)
"""
_LIST_TEXTS = f"""
create or replace temp table paged_text as
select release_row, sum(size) over (order by release_row rows unbounded preceding) // {_SEARCH_PAGE_BYTES} as page
from (
    select release.rowid as release_row, listing.size
    from listing inner join release using (path, blob) {{join}} join name_search using (path, blob)
    where listing.exclusion is null
)
"""  # noqa: S608
_LIST_TITLES = """
select distinct 'before' as side, title_before as printed from name_hit where title_before is not null
union all
select distinct 'after' as side, title_after as printed from name_hit where title_after is not null
"""
_LONG_TEXTS = ("body", "cleaned_body")
_CHANGE_COLUMNS = ("change", "path", "blob", "previous_path", "previous_blob")
_ENTITY_TYPES = {"printed": pl.String, "year": pl.Int32}
_HIT_TYPES = {
    "verb": pl.String,
    "speech_method": pl.String,
    "passage_place": pl.Int32,
    "passage_length": pl.Int32,
    "is_direct": pl.Boolean,
    "title_before": pl.String,
    "title_after": pl.String,
}


class ListingCounts(NamedTuple):
    """Numbers of files in a listing."""

    files: int
    releases: int  # files that can be releases


class UnparsedCounts(NamedTuple):
    """Numbers of contents that are not parsed yet."""

    contents: int
    listed: int  # contents that are in the listing; the others are only in the history


class PrintedNames(NamedTuple):
    """The distinct printed names, with the columns of the view `printed_name` but the kind."""

    ministers: pl.DataFrame
    portfolios: pl.DataFrame


class UnparsedFile(NamedTuple):
    """A content that is not parsed yet."""

    path: str
    blob: str
    size: int | None  # bytes; None if the content is only in the history


class Staging:
    """An open staging file. It has one writer, because the caller holds the lock of the warehouse."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    @contextmanager
    def keep_little_in_memory(self, memory_limit: str) -> Iterator[None]:
        """Let DuckDB keep few of the blocks that it has written: it would keep them up to its limit.

        Args:
            memory_limit: the limit of the connection, such as `384MB`, which is set again at the end.
        """
        least = "select min(parse_formatted_bytes(size)) || 'B' from (select unnest($1) as size)"
        (little,) = one_row(self.connection, least, [[memory_limit, _LITTLE_MEMORY]])
        self.connection.execute(f"set memory_limit = {literal(little)}")
        yield
        # Not after an error, with which the run ends: a transaction may have been broken off, and nothing can be set.
        self.connection.execute(f"set memory_limit = {literal(memory_limit)}")

    def replace_listing(self, files: Iterable[ArchiveFile]) -> ListingCounts:
        """Replace the listing with the files of the state to load.

        Each chunk has its own transaction, because DuckDB holds the rows of a transaction in memory. If a run is killed
        half-way, the next run replaces the listing again.
        """
        self._truncate("listed_state", "listing")
        for chunk in chunked(files, _LISTING_CHUNK):
            self._add_files(chunk)
        return self._count_listing()

    def replace_history(self, steps: Iterable[Commit | FileChange]) -> None:
        """Replace the commits of the archive and what they changed, in chunks like the listing."""
        self._truncate("listed_state", "archive_commit", "file_change")
        for chunk in chunked(steps, _LISTING_CHUNK):
            self._add_steps(chunk)

    def find_listed(self, lister: str) -> Listed | None:
        """Return the state that the listing and the history are of; None if they are not whole.

        Args:
            lister: digest of what lists a state; what another one listed does not count.
        """
        found = self.connection.execute(
            "select state, count(commit_number), max(committed_at) from listed_state cross join archive_commit "
            "where lister = $1 group by state",
            [lister],
        ).fetchall()
        return next((Listed(state, count, at.replace(tzinfo=UTC)) for state, count, at in found), None)

    def note_listed(self, lister: str, state: str) -> None:
        """Store which state the listing and the history are of."""
        self.connection.execute("insert into listed_state values ($1, $2)", [state, lister])

    def update_listing(self, difference: Difference, state: str) -> ListingCounts:
        """Turn the listing and the history into those of a later state, in one transaction."""
        self.connection.begin()
        gone = pl.DataFrame({"path": difference.gone}, schema={"path": pl.String})
        self.connection.register("gone", gone)
        self.connection.execute("delete from listing where path in (select path from gone)")
        self.connection.unregister("gone")
        self._add_files(difference.files)
        self._add_steps(difference.steps)
        self.connection.execute("update listed_state set state = $1", [state])
        self.connection.commit()
        return self._count_listing()

    def _add_files(self, files: list[ArchiveFile]) -> None:
        names = ("path", "blob", "size", "content_type", "exclusion")
        columns = {name: list(map(attrgetter(name), files)) for name in names}
        self._insert("listing", pl.DataFrame(columns, schema_overrides={"exclusion": pl.String}))

    def _add_steps(self, steps: list[Commit | FileChange]) -> None:
        commits = _columns(Commit, [step for step in steps if isinstance(step, Commit)])
        commits["committed_at"] = [at.replace(tzinfo=None) for at in commits["committed_at"]]
        self._insert("archive_commit", pl.DataFrame(commits, schema_overrides={"committed_at": pl.Datetime("us")}))
        changes = _columns(FileChange, [step for step in steps if isinstance(step, FileChange)])
        types = dict.fromkeys(_CHANGE_COLUMNS, pl.String)
        self._insert("file_change", pl.DataFrame(changes, schema_overrides=types))

    def _count_listing(self) -> ListingCounts:
        counts = "select count(*), count(*) filter (where exclusion is null) from listing"
        return ListingCounts(*one_row(self.connection, counts))

    def replace_error_pages(self, titles: pl.Series) -> None:
        """Replace the titles of the website's error pages, which are quarantined."""
        self.connection.execute("truncate error_page_title")
        self._insert("error_page_title", pl.DataFrame({"title": titles}))

    def count_unparsed(self) -> UnparsedCounts:
        """Count the contents that this version of the parser has not parsed; delete what another version parsed."""
        for table in ("release", "rejection"):
            self.connection.execute(f"delete from {table} where parser_version <> $1", [PARSER_VERSION])  # noqa: S608
        self.connection.execute(_LIST_UNPARSED)
        return UnparsedCounts(*one_row(self.connection, "select count(*), count(size) from temp.unparsed_file"))

    def list_unparsed(self) -> Iterator[list[UnparsedFile]]:
        """Yield the contents that `count_unparsed` counted, in pages and in order."""
        first = 1
        while rows := self.connection.execute(
            "select path, blob, size from temp.unparsed_file where place between $1 and $2 order by place",
            [first, first + _UNPARSED_PAGE - 1],
        ).fetchall():
            yield [UnparsedFile(*row) for row in rows]
            first += _UNPARSED_PAGE

    def store(self, batches: Iterable[Batch]) -> Iterator[int]:
        """Store parsed batches; yield the number of files of each.

        Several batches share a transaction, because each transaction waits for the disk. What a killed run has
        committed stays, and the next run continues from there.
        """
        waiting: list[Batch] = []
        for batch in batches:
            if waiting and sum(one.releases.nbytes for one in (*waiting, batch)) > _MAX_STORED_BYTES:
                self._commit(waiting)
                waiting = []
            waiting.append(batch)
            if sum(map(len, waiting)) >= _ROW_GROUP_SIZE:
                self._commit(waiting)
                waiting = []
            yield len(batch)
        if waiting:
            self._commit(waiting)

    def _commit(self, batches: list[Batch]) -> None:
        self.connection.begin()
        # One chunk: from many, DuckDB's threads would make many small row groups and write them again at the end.
        self._insert("release", pa.Table.from_batches(self._number_terms(batches)).combine_chunks())
        self._insert("rejection", pa.Table.from_batches([batch.rejections for batch in batches]))
        self.connection.commit()

    def _number_terms(self, batches: list[Batch]) -> list[pa.RecordBatch]:
        """Return the releases with the numbers of their terms in this file; add new terms to the file."""
        terms = dict.fromkeys(term for batch in batches for term in batch.terms)
        self.connection.register("wanted", pl.DataFrame({"term": list(terms)}, schema={"term": pl.String}))
        found = self.connection.execute("select term, term_id from term semi join wanted using (term)").fetchall()
        self.connection.unregister("wanted")
        known: dict[str, int] = dict(found)
        new = [term for term in terms if term not in known]
        (first,) = one_row(self.connection, "select count(*) from term")
        known.update(zip(new, count(first), strict=False))
        numbered = []
        for batch in batches:
            numbers = pa.array(map(known.__getitem__, batch.terms), pa.int32())
            lists = batch.releases["term_ids"]
            ids = pa.ListArray.from_arrays(lists.offsets, numbers.take(lists.values))
            column = batch.releases.schema.get_field_index("term_ids")
            numbered.append(batch.releases.set_column(column, "term_ids", ids))
        rows = {"term_id": range(first, first + len(new)), "term": new, "family": map(find_family, new)}
        types: dict[str, Any] = {"term_id": pl.Int32, "term": pl.String, "family": pl.String}
        self._insert("term", pl.DataFrame(rows, schema=types))
        return numbered

    def keep_searches(self, search_version: str) -> None:
        """Delete the hits of searches by other versions than this one."""
        (stale,) = one_row(
            self.connection, "select count(*) from name_search where search_version <> $1", [search_version]
        )
        if stale:
            self._truncate("name_search", "name_hit", "entity_count")

    def searched_names(self) -> pl.DataFrame:
        """Return the names for which texts were searched."""
        frame: pl.DataFrame = self.connection.table("searched_name").pl()
        return frame

    def replace_searched_names(self, names: pl.DataFrame, stale: list[tuple[str, str]]) -> None:
        """Store the names to search for; forget what was found in stale texts, and in those that are not listed.

        Args:
            names: result of `mentions.list_names`.
            stale: path and blob of each stale text.
        """
        keys = pl.DataFrame(stale, schema={"path": pl.String, "blob": pl.String}, orient="row")
        self.connection.begin()
        self.connection.register("stale", keys)
        for table in ("name_search", "name_hit", "entity_count"):
            self.connection.execute(
                f"delete from {table} where (path, blob) in (select path, blob from stale) "  # noqa: S608
                "or (path, blob) not in (select path, blob from listing)"
            )
        self.connection.unregister("stale")
        self.connection.execute("truncate searched_name")
        self._insert("searched_name", names)
        self.connection.commit()

    def texts_to_search(self) -> Iterator[list[SearchText]]:
        """Yield the listed texts that were not searched yet, in pages."""
        return self._texts("anti")

    def texts_searched(self) -> Iterator[list[SearchText]]:
        """Yield the listed texts that were searched, in pages."""
        return self._texts("semi")

    def _texts(self, join: str) -> Iterator[list[SearchText]]:
        self.connection.execute(_LIST_TEXTS.format(join=join))
        pages = self.connection.execute("select distinct page from temp.paged_text order by page").fetchall()
        texts = self.connection.sql(
            "select page, path, blob, body, cleaned_body "
            "from temp.paged_text inner join release on paged_text.release_row = release.rowid"
        )
        for (page,) in pages:
            rows = texts.filter(f"page = {page}").project("* exclude (page)").fetchall()
            yield [
                SearchText(path, blob, clean_simply(body) if cleaned is None else cleaned)
                for path, blob, body, cleaned in rows
            ]

    def store_searched(self, searched: Searched, search_version: str) -> None:
        """Store what was found in some texts, and that these texts were searched."""
        keys = pl.DataFrame(searched.texts, schema={"path": pl.String, "blob": pl.String}, orient="row")
        self.connection.begin()
        self._insert("name_search", keys.with_columns(search_version=pl.lit(search_version)))
        self._insert("name_hit", pl.DataFrame(_columns(NameHit, searched.hits), schema_overrides=_HIT_TYPES))
        self._insert(
            "entity_count", pl.DataFrame(_columns(EntityCount, searched.entities), schema_overrides=_ENTITY_TYPES)
        )
        self.connection.commit()

    def printed_names(self) -> PrintedNames:
        """Return the distinct printed names in the listed releases, with the evidence on which they are decided."""
        names: pl.DataFrame = self.connection.table("printed_name").pl()
        kinds = ("minister", "portfolio")
        return PrintedNames(*(names.filter(pl.col("name_kind") == kind).drop("name_kind") for kind in kinds))

    def undecided_titles(self, decision_version: str) -> pl.DataFrame:
        """Return the distinct texts beside names that this version has not decided; delete what another one decided.

        Returns:
            `side` (before or after the name) and `printed`.
        """
        self.connection.execute("delete from decided_title where decision_version <> $1", [decision_version])
        undecided = f"from ({_LIST_TITLES}) anti join decided_title using (side, printed)"
        frame: pl.DataFrame = self.connection.sql(undecided).pl()
        return frame

    def decide_titles(self, texts: pl.DataFrame, decided: pl.DataFrame, decision_version: str) -> pl.DataFrame:
        """Store the decisions on some texts; return those on all texts that are beside names now."""
        rows = texts.join(decided, ["side", "printed"], "left")
        self._insert("decided_title", rows.with_columns(decision_version=pl.lit(decision_version)))
        known = f"from decided_title semi join ({_LIST_TITLES}) as present using (side, printed)"
        frame: pl.DataFrame = self.connection.sql(
            f"select * exclude (decision_version) {known} where name_number is not null "
            "order by side, printed, name_number, decided_title.rowid"
        ).pl()
        return frame

    def clear_cache(self) -> None:
        """Delete every parsed release, so that all are parsed again; keep the log of runs."""
        self._truncate("release", "rejection", "term", "name_search", "name_hit", "entity_count", "decided_title")

    def start_run(self, run_id: str, location: str, state: str | None) -> None:
        """Log that a run began, and that any run still marked as running was interrupted."""
        self.connection.execute("update run set outcome = 'interrupted' where outcome = 'running'")
        self.connection.execute(
            "insert into run (run_id, started_at, outcome, source_location, source_state) "
            "values ($1, $2, 'running', $3, $4)",
            [run_id, _now(), location, state],
        )

    def update_run(self, run_id: str, **values: Any) -> None:
        """Set columns of a run in the log."""
        for column, value in values.items():
            self.connection.execute(f'update run set "{column}" = $1 where run_id = $2', [value, run_id])  # noqa: S608

    def finish_run(self, run_id: str, outcome: str, message: str, stage_seconds: dict[str, float]) -> None:
        """Log how a run ended, and the wall seconds of its stages."""
        self.update_run(run_id, finished_at=_now(), outcome=outcome, message=message, stage_seconds=stage_seconds)

    def _truncate(self, *tables: str) -> None:
        """Empty all these tables or none: a text that is searched again while its hits stay would have them twice."""
        self.connection.begin()
        for table in tables:
            self.connection.execute(f"truncate {table}")
        self.connection.commit()

    def _insert(self, table: str, rows: pl.DataFrame | pa.Table) -> None:
        if len(rows):
            insert(self.connection, table, rows)


@contextmanager
def open_staging(path: Path, memory_limit: str) -> Iterator[Staging]:
    """Open the staging file; make a new one if it is missing, damaged or has another layout.

    Args:
        path: path of the file.
        memory_limit: memory limit of DuckDB, such as `384MB`.

    Raises:
        Unusable: another process has opened it.
    """
    connection = _connect(path, memory_limit)
    try:
        if not _table_names(connection):
            _create(connection)
        yield Staging(connection)
    finally:
        connection.close()


def _connect(path: Path, memory_limit: str) -> duckdb.DuckDBPyConnection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = _usable(path, memory_limit)
    log = path.with_suffix(".duckdb.wal")
    if connection is None and log.exists():
        # A power cut can tear the log of the last changes, or bring an older log back. The file alone is whole.
        log.unlink()
        connection = _usable(path, memory_limit)
    if connection is None:
        _set_aside(path)
        connection = _attached(path, memory_limit)
    return connection


def _usable(path: Path, memory_limit: str) -> duckdb.DuckDBPyConnection | None:
    """Return a connection to the staging file; None if the file is damaged or has another layout."""
    connection: duckdb.DuckDBPyConnection | None = None
    try:
        connection = _attached(path, memory_limit)
        if _has_layout_or_is_new(connection):
            return connection
    except duckdb.Error as error:
        if isinstance(error, duckdb.ResourceInUseException) or "Could not set lock" in str(error):
            raise Unusable(f"{path} is in use: {_first_line(error)}. End that process and run again.") from error
        if explain(error):  # the machine refused, and the file may be good
            raise
    if connection is not None:
        connection.close()
    return None


def _create(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the tables and views, all of them or none."""
    statements = _statements(connection)
    connection.begin()
    for statement in statements:
        connection.execute(statement)
    connection.execute("insert into layout values ($1)", [_digest(statements)])
    connection.commit()


def _statements(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the statements that create the tables and views.

    The table `release` is made from the columns of a parsed release, so that a new front-matter key needs no SQL here.
    """
    connection.register("parsed", RELEASES.empty_table())
    columns = ", ".join(
        f'"{name}" {data_type}' + (" using compression 'zstd'" if name in _LONG_TEXTS else "")
        for name, data_type, *_ in connection.execute("describe from parsed").fetchall()
    )
    connection.unregister("parsed")
    return [f"create table if not exists release ({columns})", *(file.statement for file in sqlfiles.staging())]


def _digest(statements: list[str]) -> str:
    """Return a digest of the statements; a file with another digest is set aside, and every file parsed again."""
    return hashlib.sha256("\0".join(statements).encode()).hexdigest()[:12]


def _has_layout_or_is_new(connection: duckdb.DuckDBPyConnection) -> bool:
    names = _table_names(connection)
    if "layout" not in names:
        return not names
    return connection.execute("select digest from layout").fetchall() == [(_digest(_statements(connection)),)]


def _table_names(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}


def _attached(path: Path, memory_limit: str) -> duckdb.DuckDBPyConnection:
    connection = connect(memory_limit=memory_limit, temp_directory=f"{path}.tmp")
    try:
        connection.execute(f"attach {literal(path)} as staging (row_group_size {_ROW_GROUP_SIZE})")
    except BaseException:
        connection.close()
        raise
    connection.execute("use staging")
    return connection


def set_aside_if_damaged(path: Path) -> bool:
    """Read the whole staging file and set it aside if that fails; return True if it was set aside."""
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
