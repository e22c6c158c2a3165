"""Build the star schema with SQL, from the parsed releases, into a new file beside the published one.

The SQL in `sql/transform` uses four catalogs: the new file (the default, so its schemas need no prefix), `staging` (the
parsed releases), `seeds` (a table for each CSV file) and `work` (decisions on names, and other input of this build).
"""

import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import holidays
import polars as pl

from flows.extract.index import Index
from flows.load import sqlfiles
from flows.load.database import connect, insert, literal, one_row, run_in_parallel, store
from flows.load.state import Published
from flows.load.transform import ROW_GROUP_SIZE, Progress, execute, fill_all, fill_touched
from flows.normalise.seeds import Seeds
from flows.settings import Settings

# The oldest format with declared keys and zstd compression. BI tools contain DuckDB 1.4 or 1.5, which can open it but
# not the format of DuckDB 2.0.
STORAGE_VERSION = "v1.4.0"
_PREVIOUS_RELEASES = """
create or replace view work.previous_release as
select source_path as path, source_blob as blob, release_id, title, url
from previous.core.fact_release
"""
_PREVIOUS_CREDITS = """
create or replace view work.previous_credit as
with credited as (
    select release_id, minister_id as member_id from previous.core.bridge_release_minister
    union all
    select release_id, portfolio_id as member_id from previous.core.bridge_release_portfolio
),
members as (
    select release_id, sum(hash(member_id)) as member_digest
    from credited
    group by release_id
)
select source_path as path, source_blob as blob, member_digest
from members
inner join previous.core.fact_release using (release_id)
"""
_ENTRY_TYPES: dict[str, Any] = {
    "folder": pl.String,
    "slug_key": pl.String,
    "site_url": pl.String,
    "indexed_at": pl.Datetime("us"),
}
_MEASURE_TYPES: dict[str, Any] = {"measure": pl.String, "subject": pl.String, "row_count": pl.Int64}
_PROBLEM_TYPES: dict[str, Any] = {"path": pl.String, "detail": pl.String}
# Tables of the numbers that releases and words keep from the build before, and where these are.
_KEPT_NUMBERS = (
    ("kept_number", "dated", "release_id, search_number"),
    ("kept_term", "term_number", "term, term_number"),
)
_BLOCK_SIZE = 65_536  # bytes. With the default, 262,144, 15 of 119 MB would be empty, because many tables are small


@dataclass(frozen=True, slots=True)
class BuildInfo:
    """What a build is made from: the columns of meta.build."""

    build_id: str
    built_at: datetime  # UTC, without zone
    source_kind: str
    source_location: str
    source_state: str
    source_committed_at: datetime | None  # UTC, without zone
    index_location: str | None
    index_state: str | None
    source_history: str | None
    inputs_digest: str
    code_version: str
    increment_number: int = 0  # incremental builds since the last full one; 0 for a full build
    full_build_reason: str | None = None
    duckdb_version: str = duckdb.__version__
    storage_version: str = STORAGE_VERSION


@dataclass(frozen=True, slots=True)
class Previous:
    """The published build, with which the new one is compared."""

    file: Path | None  # None if there is none that can be read
    record: Published | None  # whose counts are known even if the file is gone
    is_alike: bool  # the file is whole, was made with the same SQL, code and libraries, and is not rebuilt


@dataclass(frozen=True, slots=True)
class Names:
    """The results of the normalise stage."""

    minister_decisions: pl.DataFrame  # from `decide_ministers`
    portfolio_decisions: pl.DataFrame  # from `decide_portfolios`
    searched: pl.DataFrame  # from `mentions.list_names`: the names for which the texts were searched
    title_decisions: pl.DataFrame  # from `decide_titles`


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a build is filled from, besides the parsed releases."""

    seeds: Seeds  # every seed
    names: Names  # the decisions on printed names
    index: Index | None  # publication times; None without an index
    previous: Previous  # the published build, to report what changes


@contextmanager
def new_build(settings: Settings, *, is_incremental: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection whose default catalog is the new build, with staging attached.

    Args:
        settings: the settings of the warehouse, which say where the files are.
        is_incremental: begin with copies of the published build and of the tables that were made with it; otherwise the
            new build is empty.
    """
    for new, earlier in ((settings.building, settings.published), (settings.work_building, settings.work)):
        for leftover in (new, new.with_name(new.name + ".wal")):
            leftover.unlink(missing_ok=True)
        if is_incremental:
            shutil.copyfile(earlier, new)
    connection = connect(memory_limit=settings.memory_limit, temp_directory=f"{settings.building}.tmp")
    try:
        options = f"storage_version '{STORAGE_VERSION}', row_group_size {ROW_GROUP_SIZE}"
        options += ", recovery_mode no_wal_writes"  # an unfinished build is deleted anyway
        block_size = "" if is_incremental else f", block_size {_BLOCK_SIZE}"
        connection.execute(f"attach {literal(settings.building)} as beehive ({options}{block_size})")
        connection.execute(f"attach {literal(settings.work_building)} as work ({options}{block_size})")
        connection.execute(f"attach {literal(settings.staging)} as staging (read_only)")
        connection.execute("attach ':memory:' as seeds")
        if is_incremental:
            connection.execute(f"attach {literal(settings.work)} as before (read_only)")
        connection.execute("use beehive")
        yield connection
        run_in_parallel(
            connection, {"beehive": (), "work": ()}, lambda cursor, name: cursor.execute(f"checkpoint {name}")
        )
    finally:
        connection.close()


def fill(
    connection: duckdb.DuckDBPyConnection, info: BuildInfo, inputs: Inputs, progress: Progress | None = None
) -> dict[str, int]:
    """Fill a new build.

    Args:
        connection: the connection that `new_build` opened.
        info: the row of meta.build, which says whether the build is incremental.
        inputs: seeds, names, publication times, and the published build.
        progress: called with the number of statements done and the number of all statements.

    Returns:
        Rows by table, in the order they were filled.

    Raises:
        NeedsFullBuild: the copy of the published build cannot be brought up to date, or not faster than by a full
            build.
    """
    names, index, previous, is_incremental = inputs.names, inputs.index, inputs.previous, info.increment_number > 0
    for name, frame in inputs.seeds.items():
        store(connection, f"seeds.{name}", frame)
    store(connection, "work.minister_decision", names.minister_decisions)
    store(connection, "work.portfolio_decision", names.portfolio_decisions)
    store(connection, "work.minister_name", names.searched)
    store(connection, "work.title_decision", names.title_decisions)
    entries, problems = (index.entries, index.problems) if index else ([], [])
    store(connection, "work.publication_time", pl.DataFrame(entries, schema=_ENTRY_TYPES, orient="row"))
    store(connection, "work.index_problem", pl.DataFrame(problems, schema=_PROBLEM_TYPES, orient="row"))
    _store_build(connection, info)
    store(connection, "work.public_holiday", _public_holidays(connection))
    if previous.file:
        connection.execute(f"attach {literal(previous.file)} as previous (read_only)")
    _store_previous(connection, previous)
    if is_incremental:
        connection.execute("delete from meta.guard")
    else:
        _create_objects(connection, previous)
    none = "(select null::varchar as release_id, null::varchar as term, 0 as search_number, 0 as term_number limit 0)"
    for kept, earlier, columns in _KEPT_NUMBERS:
        rows = f"before.{earlier}" if is_incremental else none
        connection.execute(f"create or replace view work.{kept} as select {columns} from {rows}")  # noqa: S608
    if is_incremental:
        touched = fill_touched(connection, progress)
        connection.execute("update meta.build set touched_count = $1", [touched])
    else:
        fill_all(connection, progress)
    filled = [file.qualified for file in sqlfiles.transforms()]
    counts = ", ".join(f"(select count(*) from {name})" for name in filled)  # noqa: S608
    return dict(zip(filled, one_row(connection, f"select {counts}"), strict=True))


@contextmanager
def empty_build() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an empty warehouse in memory, to look up types and keys."""
    with connect() as connection:
        create_tables(connection)
        create_views(connection)
        yield connection


def _create_objects(connection: duckdb.DuckDBPyConnection, previous: Previous) -> None:
    """Create the tables, views and macros with their comments, and describe them in meta.dictionary.

    To copy those of a build that has the same takes a thirtieth of the time of the thousand statements.
    """
    connection.begin()
    if previous.file and previous.is_alike:
        connection.execute("copy from database previous to beehive (schema)")
        connection.execute("insert into meta.dictionary from previous.meta.dictionary")
    else:
        create_tables(connection)
        create_views(connection)
        _describe(connection)
    connection.commit()


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the schemas and the empty tables of a build."""
    for schema in ("core", "meta"):
        connection.execute(f"create schema {schema}")
    for file in sqlfiles.tables():
        connection.execute(file.statement)


def create_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the public views and macros."""
    for file in (*sqlfiles.views(), *sqlfiles.macros()):
        execute(connection, file, file.statement)


def columns(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, str]]]:
    """Return name and type of each column, in order, by the qualified name of its table or view."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, column, data_type in connection.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() order by column_index"
    ).fetchall():
        found[name].append((column, data_type))
    return found


def _store_build(connection: duckdb.DuckDBPyConnection, info: BuildInfo) -> None:
    types: dict[str, Any] = dict.fromkeys(
        ("index_location", "index_state", "source_history", "full_build_reason"), pl.String
    )
    types["source_committed_at"] = pl.Datetime("us")
    store(connection, "work.build", pl.DataFrame([asdict(info)], schema_overrides=types))


def _store_previous(connection: duckdb.DuckDBPyConnection, previous: Previous) -> None:
    """Make views of the published build; for a directory, store the revisions that earlier runs have seen."""
    (revisions,) = [file for file in sqlfiles.tables() if file.qualified == "core.release_revision"]
    statement = revisions.statement.replace(
        "create table core.release_revision", "create or replace table work.previous_revision"
    )
    connection.execute(statement)
    state = previous.record.source_state if previous.record else None
    there = {"is_there": [previous.file is not None], "source_state": [state]}
    store(connection, "work.previous", pl.DataFrame(there, schema_overrides={"source_state": pl.String}))
    measures = previous.record.measures if previous.record else {}
    counts = [(measure, subject, count) for measure, by in measures.items() for subject, count in by.items()]
    store(connection, "work.published_measure", pl.DataFrame(counts, schema=_MEASURE_TYPES, orient="row"))
    for name, columns in (
        ("release", ("path", "blob", "release_id", "title", "url")),
        ("credit", ("path", "blob", "member_digest")),
    ):
        none = ", ".join(f"null::varchar as {column}" for column in columns)
        connection.execute(f"create or replace view work.previous_{name} as select {none} limit 0")
    if previous.file is None:
        return
    connection.execute(_PREVIOUS_RELEASES)
    if not counts:  # the record is lost
        with suppress(duckdb.CatalogException):  # a build of an earlier version
            connection.execute("insert into work.published_measure from previous.meta.measure")
    with suppress(duckdb.CatalogException, duckdb.BinderException):  # a build of an earlier version
        connection.execute(_PREVIOUS_CREDITS)
    (is_same_directory,) = one_row(
        connection,
        "select count(*) > 0 from previous.meta.build inner join work.build using (source_kind, source_location) "
        "where source_kind = 'directory'",
    )
    (is_same_layout,) = one_row(
        connection,
        "select list((column_name, data_type) order by column_index) filter (database_name = 'previous') "
        "= list((column_name, data_type) order by column_index) filter (database_name = 'work') "
        "from duckdb_columns() where table_name in ('release_revision', 'previous_revision')",
    )
    if is_same_directory and is_same_layout:  # a directory has no history of its own
        connection.execute("insert into work.previous_revision from previous.core.release_revision")


def _public_holidays(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return New Zealand's public holidays in the years of all releases as read, from the library `holidays`."""
    first, last = one_row(
        connection,
        "select min(year(printed_date)), max(year(printed_date)) from staging.release where year(printed_date) > 1",
    )
    known: Mapping[date, str] = {}
    if first is not None:
        # One more year: the last day of a year in UTC can be the first day of the next in New Zealand.
        known = holidays.country_holidays("NZ", years=range(first, last + 2))
    days = sorted(known)
    return pl.DataFrame(
        {"holiday_date": days, "holiday_name": [known[day] for day in days]},
        schema={"holiday_date": pl.Date, "holiday_name": pl.String},
    )


def _describe(connection: duckdb.DuckDBPyConnection) -> None:
    """Store the header of each SQL file as comments, which clients show, and as rows of meta.dictionary."""
    rows: list[tuple[str, str, str, str, int, str | None, str, str | None]] = []
    found = columns(connection)
    for kind, files in (("table", sqlfiles.tables()), ("view", sqlfiles.views())):
        for file in files:
            connection.execute(f"comment on {kind} {file.qualified} is {literal(file.comment)}")
            rows.append((file.schema, file.name, kind, "", 0, None, file.comment, ", ".join(file.grain)))
            for position, (column, data_type) in enumerate(found[file.qualified], start=1):
                text = file.columns.get(column, "")
                connection.execute(f'comment on column {file.qualified}."{column}" is {literal(text)}')
                rows.append((file.schema, file.name, kind, column, position, data_type, text, None))
    for file in sqlfiles.macros():
        kind = "macro table" if " as table " in file.statement else "macro"
        connection.execute(f"comment on {kind} {file.qualified} is {literal(file.comment)}")
        rows.append((file.schema, file.name, "macro", "", 0, None, file.comment, None))
    names = ("schema_name", "object_name", "object_kind", "column_name", "column_position", "data_type",
               "description", "grain")  # fmt: skip
    insert(connection, "meta.dictionary", pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None))
