"""Build the star schema with SQL, from the parsed releases, into a new file beside the published one.

The SQL in `sql/transform` uses four catalogs: the new file (the default, so its schemas need no prefix), `staging` (the
parsed releases), `seeds` (a table for each CSV file) and `work` (decisions on names, and other input of this build).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import holidays
import polars as pl

from flows.errors import Unusable, is_short_of_memory
from flows.extract.index import Index
from flows.load import sqlfiles
from flows.load.database import connect, insert, literal, one_row, run_in_parallel
from flows.load.sqlfiles import SqlFile
from flows.load.state import Published
from flows.normalise.holders import find_spells
from flows.normalise.seeds import Seeds
from flows.normalise.statements import find_links
from flows.paths import SQL

# The oldest format with declared keys and zstd compression. BI tools contain DuckDB 1.4 or 1.5, which can open it but
# not the format of DuckDB 2.0.
STORAGE_VERSION = "v1.4.0"
# Rows. DuckDB uses one thread for each row group, and all releases fit into one group of its default size, 122,880.
_ROW_GROUP_SIZE = 16_384
_RELEASE_RANGES = f"""
with numbered as (
    select release_id, row_number() over (order by release_id) - 1 as number
    from work.current_release
)
select min(release_id), max(release_id)
from numbered
group by number // {_ROW_GROUP_SIZE}
order by all
"""  # noqa: S608
_PREVIOUS_CREDITS = """
insert into work.previous_credit
with credited as (
    select release_id, minister_id as member_id from previous.core.bridge_release_minister
    union all
    select release_id, portfolio_id as member_id from previous.core.bridge_release_portfolio
)
select source_path, source_blob, list_sort(list(member_id))
from credited
inner join previous.core.fact_release using (release_id)
group by source_path, source_blob
"""
_ENTRY_TYPES: dict[str, Any] = {
    "folder": pl.String,
    "slug_key": pl.String,
    "site_url": pl.String,
    "indexed_at": pl.Datetime("us"),
}
_MEASURE_TYPES: dict[str, Any] = {"measure": pl.String, "subject": pl.String, "row_count": pl.Int64}
_PROBLEM_TYPES: dict[str, Any] = {"path": pl.String, "detail": pl.String}
# Tables of rows that a function makes from the result of their statement. DuckDB calls Python only where numpy is.
_MADE_BY: Mapping[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "core.inferred_holder": find_spells,
    "core.statement_link": find_links,
}
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
    duckdb_version: str = duckdb.__version__
    storage_version: str = STORAGE_VERSION


@dataclass(frozen=True, slots=True)
class Previous:
    """The published build, with which the new one is compared."""

    file: Path | None  # None if there is none that can be read
    record: Published | None  # whose counts are known even if the file is gone
    is_alike: bool  # the file is whole, was made with the same SQL, code and libraries, and is not rebuilt


@contextmanager
def new_build(path: Path, staging: Path, memory_limit: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection whose default catalog is a new, empty build at `path`, with staging attached."""
    for leftover in (path, path.with_name(path.name + ".wal")):
        leftover.unlink(missing_ok=True)
    connection = connect(memory_limit=memory_limit, temp_directory=f"{path}.tmp")
    try:
        options = f"storage_version '{STORAGE_VERSION}', row_group_size {_ROW_GROUP_SIZE}, block_size {_BLOCK_SIZE}"
        options += ", recovery_mode no_wal_writes"  # an unfinished build is deleted anyway
        connection.execute(f"attach {literal(path)} as beehive ({options})")
        connection.execute(f"attach {literal(staging)} as staging (read_only)")
        connection.execute("attach ':memory:' as seeds")
        connection.execute("attach ':memory:' as work")
        connection.execute("use beehive")
        yield connection
        connection.execute("checkpoint")
    finally:
        connection.close()


@dataclass(frozen=True, slots=True)
class Names:
    """The results of the normalise stage."""

    minister_decisions: pl.DataFrame  # from `decide_ministers`
    portfolio_decisions: pl.DataFrame  # from `decide_portfolios`
    searched: pl.DataFrame  # from `mentions.list_names`: the names for which the texts were searched
    title_decisions: pl.DataFrame  # from `decide_titles`


def fill(
    connection: duckdb.DuckDBPyConnection,
    info: BuildInfo,
    seeds: Seeds,
    names: Names,
    index: Index | None,
    previous: Previous,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, int]:
    """Fill a new build.

    Args:
        connection: the connection that `new_build` opened.
        info: the row of meta.build.
        seeds: every seed.
        names: the decisions on printed names.
        index: publication times; None without an index.
        previous: the published build, to report what changes.
        progress: called with the number of statements done and the number of all statements.

    Returns:
        Rows by table, in the order they were filled.
    """
    for name, frame in seeds.items():
        _store(connection, f"seeds.{name}", frame)
    _store(connection, "work.minister_decision", names.minister_decisions)
    _store(connection, "work.portfolio_decision", names.portfolio_decisions)
    _store(connection, "work.minister_name", names.searched)
    _store(connection, "work.title_decision", names.title_decisions)
    entries, problems = (index.entries, index.problems) if index else ([], [])
    _store(connection, "work.publication_time", pl.DataFrame(entries, schema=_ENTRY_TYPES, orient="row"))
    _store(connection, "work.index_problem", pl.DataFrame(problems, schema=_PROBLEM_TYPES, orient="row"))
    _store_build(connection, info)
    _store(connection, "work.public_holiday", _public_holidays(connection))
    if previous.file:
        connection.execute(f"attach {literal(previous.file)} as previous (read_only)")
    _store_previous(connection, previous)
    _create_objects(connection, previous)
    if previous.file:
        connection.execute("detach previous")

    run_in_parallel(connection, sqlfiles.dependencies(), _fill_table, progress)
    filled = [file.qualified for file in sqlfiles.transforms()]
    counts = ", ".join(f"(select count(*) from {name})" for name in filled)  # noqa: S608
    return dict(zip(filled, one_row(connection, f"select {counts}"), strict=True))


def _fill_table(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Run the statement of a table, once for each range of release ids if it has the variables `first` and `last`.

    Raises:
        Unusable: the statement, or a seed that it reads, does not fit the tables.
    """
    file = sqlfiles.file_of(name)
    if make_rows := _MADE_BY.get(name):
        insert(connection, name, make_rows(connection.sql(file.statement).pl()))
        return
    if "getvariable('first')" not in file.statement:
        _execute(connection, file)
        return
    connection.begin()
    try:
        for first, last in connection.execute(_RELEASE_RANGES).fetchall():
            connection.execute(f"set variable first = {literal(first)}")
            connection.execute(f"set variable last = {literal(last)}")
            _execute(connection, file)
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _execute(connection: duckdb.DuckDBPyConnection, file: SqlFile) -> None:
    """Run the statement of a file; if it does not fit the data, name the file and the seeds that it reads."""
    try:
        connection.execute(file.statement)
    except (duckdb.ProgrammingError, duckdb.DataError, duckdb.IntegrityError) as error:
        if is_short_of_memory(error):
            raise
        seeds = sorted(set(re.findall(r"\bseeds\.(\w+)", file.statement)))
        read = f" It reads {', '.join(f'seeds/{seed}.csv' for seed in seeds)}." if seeds else ""
        raise Unusable(
            f"sql/{file.path.relative_to(SQL)} failed: {str(error).splitlines()[0]}.{read} Correct it and run again."
        ) from error


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
        _execute(connection, file)


def columns(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, str]]]:
    """Return name and type of each column, in order, by the qualified name of its table or view."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, column, data_type in connection.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() order by column_index"
    ).fetchall():
        found[name].append((column, data_type))
    return found


def _store(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    connection.register("incoming", frame)
    connection.execute(f"create table {table} as select * from incoming")  # noqa: S608
    connection.unregister("incoming")


def _store_build(connection: duckdb.DuckDBPyConnection, info: BuildInfo) -> None:
    types: dict[str, Any] = dict.fromkeys(("index_location", "index_state", "source_history"), pl.String)
    types["source_committed_at"] = pl.Datetime("us")
    _store(connection, "work.build", pl.DataFrame([asdict(info)], schema_overrides=types))


def _store_previous(connection: duckdb.DuckDBPyConnection, previous: Previous) -> None:
    """Store the releases of the published build and, for a directory, the revisions that earlier runs have seen."""
    (revisions,) = [file for file in sqlfiles.tables() if file.qualified == "core.release_revision"]
    connection.execute(revisions.statement.replace("core.release_revision", "work.previous_revision"))
    state = previous.record.source_state if previous.record else None
    there = {"is_there": [previous.file is not None], "source_state": [state]}
    _store(connection, "work.previous", pl.DataFrame(there, schema_overrides={"source_state": pl.String}))
    measures = previous.record.measures if previous.record else {}
    counts = [(measure, subject, count) for measure, by in measures.items() for subject, count in by.items()]
    _store(connection, "work.published_measure", pl.DataFrame(counts, schema=_MEASURE_TYPES, orient="row"))
    connection.execute("create table work.previous_credit (path varchar, blob varchar, member_ids varchar[])")
    columns = "source_path as path, source_blob as blob, release_id, title, url"
    if previous.file is None:
        names = ("path", "blob", "release_id", "title", "url")
        _store(connection, "work.previous_release", pl.DataFrame(schema=dict.fromkeys(names, pl.String)))
        return
    connection.execute(f"create table work.previous_release as select {columns} from previous.core.fact_release")  # noqa: S608
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
    """Return New Zealand's national public holidays in the years of the releases, from the library `holidays`."""
    first, last = one_row(
        connection,
        "select min(year(printed_date)), max(year(printed_date)) from staging.current_release where not is_undated",
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
