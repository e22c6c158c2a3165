"""Bring the tables of a PostgreSQL server to the published build, by difference and in one transaction.

A table `push_state` in the same schema says what the last push left: which tables and functions it made, and a digest
of the rows of each table. A table with the same digest is skipped. Of any other, key and digest of each row are
compared with the rows on the server, and only what differs is sent. So the server's rows decide, not a record of them.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache

import duckdb

from flows.errors import BeehiveError, Refused, Unreachable, Unusable, explain
from flows.load import sqlfiles
from flows.load.database import connect, literal, one_row
from flows.load.state import PushRecord, read_push, write_push
from flows.paths import PACKAGE
from flows.push.server import Server, quoted
from flows.push.tables import SEARCH_COMMENT, SEARCH_TYPE, SEARCHED, Table, tables_of
from flows.settings import Settings

_STATE = "push_state"
_STATE_COMMENT = (
    "What the last push left, one row per table or function that it made and one, without a name, for the whole. Do "
    "not change it: the next push relies on it."
)
_BATCH = 2_048  # rows; as many texts take 15 MB
_FEW = 0.1  # share of the rows; after a larger change, the planner needs new statistics
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Changed:
    """How many rows of a table a push wrote."""

    table: str
    added: int
    changed: int
    removed: int


@dataclass(slots=True)
class Pushed:
    """What a push did."""

    address: str  # of the server, without credentials
    schema: str
    build_id: str
    before: str | None  # the build that the server showed
    table_count: int = 0
    row_count: int = 0
    changed: list[Changed] = field(default_factory=list)  # tables of which rows were written

    @property
    def message(self) -> str:
        """Return what the push did in one sentence."""
        where = f"{self.address} shows {self.build_id} in the schema {self.schema}"
        if self.before == self.build_id and not self.changed:
            return f"Nothing to push: {where}."
        written = sum(one.added + one.changed + one.removed for one in self.changed)
        return (
            f"Pushed: {where}: {self.table_count} tables, {self.row_count:,} rows, of which {written:,} in "
            f"{len(self.changed)} tables were written or removed."
        )


def push(settings: Settings, url: str, progress: Progress | None = None, *, compare: bool = False) -> Pushed:
    """Bring the tables on a server to the published build.

    Readers see the build before until the last row is written. If anything fails, the server keeps that build.

    Args:
        settings: of the warehouse; `push_schema` is the schema on the server.
        url: address of the database, `postgresql://USER@HOST/DATABASE`.
        progress: receives the numbers of tables done and of all tables.
        compare: compare every table with the rows on the server, also those that the last push left as they are now.

    Raises:
        Refused: something that somebody else made is in the way; the message names it.
        Unreachable: the server is away, full, or broke off; a later attempt may succeed.
        Unusable: nothing is published, or the server does not let the user in or write.
    """
    server = Server(url)
    try:
        lock = literal(f"beehive push {settings.push_schema}")
        server.rows(f"select pg_advisory_xact_lock(hashtextextended({lock}, 0))::text")
        # Only now: another push may have held the lock, and a newer build may have been published meanwhile.
        if not settings.published.exists():
            raise Unusable(f"There is no warehouse at {settings.published}: run `beehive refresh` first.")
        try:
            with connect(settings.published, read_only=True, memory_limit=settings.memory_limit) as build:
                build.execute("set timezone = 'UTC'")
                return _Push(server, build, settings, compare=compare).run(progress or (lambda *_: None))
        except (duckdb.Error, KeyError) as error:  # a KeyError if an earlier version lacks a table or has another type
            if "libpq" in str(error):  # DuckDB passes on why it got no more rows of the server
                raise Unreachable(f"{server.address} broke off the push: push again.") from error
            raise explain(error, settings.warehouse) or Unusable(
                f"{settings.published} cannot be pushed to {server.address}: {str(error).splitlines()[0]} If an older "
                "version built the warehouse, run `beehive refresh` first."
            ) from error
    finally:
        server.close()


def push_published(settings: Settings, progress: Progress | None = None, *, compare: bool = False) -> Pushed:
    """Push to the server that is set, and record in the warehouse folder how that ended.

    Raises:
        BeehiveError: what `push` raises, with the build that stays published.
    """
    assert settings.push_url and settings.push_target  # noqa: S101 (the caller asks)
    before = read_push(settings.warehouse)
    shown = before.build_id if before and before.target == settings.push_target else None
    try:
        pushed = push(settings, settings.push_url, progress, compare=compare)
    except BeehiveError as error:
        if settings.warehouse.is_dir():
            write_push(settings.warehouse, PushRecord(settings.push_target, shown, str(error)))
        raise type(error)(f"The published build was not pushed: {error}") from error
    write_push(settings.warehouse, PushRecord(settings.push_target, pushed.build_id, None))
    return pushed


class _Push:
    """One push: a transaction on the server, and a connection to the build."""

    def __init__(self, server: Server, build: duckdb.DuckDBPyConnection, settings: Settings, *, compare: bool) -> None:
        self._server = server
        self._build = build
        self._schema = settings.push_schema
        self._warehouse = settings.warehouse
        self._compare = compare
        (self._build_id,) = one_row(build, "select build_id from main.build_info")
        self._state: dict[str, dict[str, str]] = {}

    def run(self, progress: Progress) -> Pushed:
        self._open_schema()
        whole = self._state.get("", {})
        pushed = Pushed(self._server.address, self._schema, self._build_id, whole.get("build_id"))
        if (whole.get("build_id"), whole.get("definition")) == (self._build_id, _program()) and not self._compare:
            return pushed
        tables = tables_of(self._build, self._warehouse / f"parquet-{self._build_id}")
        functions = {file.name: file for file in sqlfiles.functions()}
        existing = self._refuse_foreign([table.name for table in tables], list(functions))
        for name, file in functions.items():
            self._create_function(name, file)
        for done, table in enumerate(tables, start=1):
            change, count = self._bring(table, is_new=table.name not in existing)
            pushed.table_count += 1
            pushed.row_count += count
            if change:
                pushed.changed.append(change)
            progress(done, len(tables))
        self._drop_others({*functions, *(table.name for table in tables)})
        self._note("", "whole", definition=_program(), digest="", key="", columns="")
        self._server.commit()
        return pushed

    def _open_schema(self) -> None:
        """Set the schema as the place of every name, make it if needed, and read what the last push left."""
        schema = literal(self._schema)
        ((is_there, has_state),) = self._server.rows(
            f"select to_regnamespace({schema}) is not null, to_regclass({schema} || '.{_STATE}') is not null"
        )
        if not is_there:
            self._server.run(f"create schema {self._schema}")
            comment = "Press releases of New Zealand's governments, written by beehive push. build_info has the build."
            self._server.run(f"comment on schema {self._schema} is {literal(comment)}")
        self._server.run(f"set local search_path to {self._schema}")
        if has_state:
            names = ("name", "kind", "build_id", "definition", "digest", "key", "columns", "row_count")
            found = self._server.rows(f"select {', '.join(names)} from {_STATE}")  # noqa: S608
            self._state = {row[0]: dict(zip(names, row, strict=True)) for row in found}

    def _refuse_foreign(self, tables: list[str], functions: list[str]) -> set[str]:
        """Return the relations of the schema; refuse if one with a name that is needed was not made by a push."""
        schema = literal(self._schema)
        found = self._server.rows(
            f"select relname::text, 'relation' from pg_class where relnamespace = {schema}::regnamespace union all "  # noqa: S608
            f"select proname::text, 'function' from pg_proc where pronamespace = {schema}::regnamespace"
        )
        relations = {name for name, kind in found if kind == "relation"}
        others = relations.intersection([*tables, *([] if self._state else [_STATE])]) - self._made("table")
        others |= {name for name, kind in found if kind == "function"}.intersection(functions) - self._made("function")
        if others:
            raise Refused(
                f"The schema {self._schema} of {self._server.address} has {', '.join(sorted(others))}, which no push "
                "made: rename or drop it, or choose another schema (--schema, BEEHIVE_PUSH_SCHEMA). Nothing was "
                "changed."
            )
        if not self._state:
            self._server.run(
                f"create table {_STATE} (name text primary key, kind text not null, build_id text not null, definition "
                "text not null, digest text not null, key text not null, columns text not null, row_count bigint not "
                "null, pushed_at timestamptz not null)"
            )
            self._server.run(f"comment on table {_STATE} is {literal(_STATE_COMMENT)}")
        return relations

    def _made(self, kind: str) -> set[str]:
        return {name for name, row in self._state.items() if row["kind"] == kind}

    def _create_function(self, name: str, file: sqlfiles.SqlFile) -> None:
        definition = _digest(file.statement + file.description)
        if self._state.get(name, {}).get("definition") != definition:
            self._server.run(file.statement.removesuffix(";"))
            self._server.run(f"comment on function {name} is {literal(file.description)}")
            self._note(name, "function", definition=definition, digest="", key="", columns="")

    def _bring(self, table: Table, *, is_new: bool) -> tuple[Changed | None, int]:
        """Bring one table to the build; return what changed, None if no row did, and the number of its rows."""
        before = {} if is_new else self._state[table.name]
        search = _digest(repr([SEARCH_TYPE, *self._search_functions()])) if table.name == SEARCHED else ""
        definition = f"{table.definition} {search}"
        digest, count, nullable = self._digest_rows(table)
        key = _key(table, nullable, before.get("key", ""))
        is_altered = before.get("definition") != definition or before.get("key") != key
        if not is_altered and before.get("digest") == digest and not self._compare:
            return None, count
        if is_new:
            columns = [f"{quoted(column)} {data_type}" for column, data_type in table.types.items()]
            if search:
                columns.append(f"search {SEARCH_TYPE}")
            self._server.run(f"create table {table.name} ({', '.join(columns)})")
            self._server.send(self._build.sql(table.rows).to_arrow_reader(_BATCH), table.name, self._schema)
            self._server.run(f"alter table {table.name} add constraint {table.name}_grain {key}")
            change = Changed(table.name, count, 0, 0)
        else:
            if is_altered:
                self._alter(
                    table, before, key, is_other_search=bool(search) and not before["definition"].endswith(search)
                )
            change = self._write_difference(table)
        if is_altered:
            self._describe(table, has_search=bool(search))
        written = change.added + change.changed + change.removed
        if written > count * _FEW:
            self._server.run(f"analyze {table.name}")
        columns_text = ",".join(table.types)
        self._note(table.name, "table", definition=definition, digest=digest, key=key, columns=columns_text, rows=count)
        return (change if written else None), count

    def _search_functions(self) -> list[str]:
        return [file.statement for file in sqlfiles.functions() if file.name in ("search_vector", "folded_text")]

    def _digest_rows(self, table: Table) -> tuple[str, int, bool]:
        """Keep key and digest of each row as `ours`; return a digest of all, their number, and if a key has a NULL."""
        self._build.execute(f"create or replace temp table ours as {table.digest_of(table.rows)}")
        nulls = " or ".join(f"{quoted(column)} is null" for column in table.key)
        digest, count, nullable = one_row(
            self._build,
            f"select coalesce(sum(row_digest::hugeint), 0)::varchar, count(*), coalesce(bool_or({nulls}), false) "  # noqa: S608
            "from ours",
        )
        return digest, count, nullable

    def _alter(self, table: Table, before: dict[str, str], key: str, *, is_other_search: bool) -> None:
        """Give a table of an earlier push the columns and the key of now; what others built on it stays or refuses."""
        server, name = self._server, table.name
        if before["key"] != key:
            server.run(f"alter table {name} drop constraint {name}_grain")
            for column in (column for column in table.key if column in before["columns"].split(",")):
                server.run(f"alter table {name} alter column {quoted(column)} drop not null")
            if before["key"].partition("(")[2] != key.partition("(")[2]:
                server.run(f"delete from {name}")  # noqa: S608 (the rows of before may not fit the new key)
        if is_other_search:
            server.run(f"alter table {name} drop column if exists search")
        found = server.rows(
            "select attname::text, format_type(atttypid, atttypmod) from pg_attribute "  # noqa: S608
            f"where attrelid = {literal(f'{self._schema}.{name}')}::regclass and attnum > 0 and not attisdropped"
        )
        there = {column: data_type for column, data_type in found}  # noqa: C416 (mypy takes rows for no pairs)
        for column, data_type in table.types.items():
            if column not in there:
                server.run(f"alter table {name} add column {quoted(column)} {data_type}")
            elif there[column] != _STANDARD_NAMES.get(data_type, data_type):
                server.run(
                    f"alter table {name} alter column {quoted(column)} type {data_type} "
                    f"using {quoted(column)}::text::{data_type}"
                )
        for column in before["columns"].split(","):
            if column not in table.types and column in there:
                server.run(f"alter table {name} drop column {quoted(column)}")
        if is_other_search:
            server.run(f"alter table {name} add column search {SEARCH_TYPE}")
        if before["key"] != key:
            server.run(f"alter table {name} add constraint {name}_grain {key}")

    def _describe(self, table: Table, *, has_search: bool) -> None:
        """Make indexes and comments."""
        name = table.name
        statements = [
            f"create index if not exists {name}_{column}_idx on {name} ({quoted(column)})" for column in table.indexed
        ]
        comments = dict(table.comments)
        if has_search:
            statements.append(f"create index if not exists {name}_search_idx on {name} using gin (search)")
            comments["search"] = SEARCH_COMMENT
        statements.append(f"comment on table {name} is {literal(table.comment)}")
        statements += [
            f"comment on column {name}.{quoted(column)} is {literal(text)}" for column, text in comments.items()
        ]
        self._run_all(statements)

    def _run_all(self, statements: Iterable[str]) -> None:
        """Run statements without a result in one round trip."""
        body = ";\n".join(statements)
        assert "$beehive$" not in body  # noqa: S101
        self._server.run(f"do $beehive$ begin\n{body};\nend $beehive$")

    def _write_difference(self, table: Table) -> Changed:
        """Write the rows of which the server has another state or none; remove those that the build does not have."""
        build, name = self._build, table.name
        with self._server.fetched(f"select {table.columns} from {name}") as rows:  # noqa: S608
            build.register("their_rows", rows)
            build.execute(f"create or replace temp table theirs as {table.digest_of('from their_rows')}")
            build.unregister("their_rows")
        same_key = table.same_key("ours", "theirs")
        build.execute(
            "create or replace temp table changed as select ours.*, theirs.row_digest is null as is_added "  # noqa: S608
            f"from ours left join theirs on {same_key} where theirs.row_digest is distinct from ours.row_digest"
        )
        build.execute(f"create or replace temp table gone as from theirs anti join ours on {same_key}")
        written, added = one_row(build, "select count(*), count(*) filter (is_added) from changed")
        (removed,) = one_row(build, "select count(*) from gone")
        keys = ", ".join(map(quoted, table.key))
        if removed:
            self._send_aside(f"select {keys} from gone", keys, name)  # noqa: S608
            wanted = " and ".join(f"{name}.{quoted(k)} is not distinct from push_rows.{quoted(k)}" for k in table.key)
            self._server.run(f"delete from {name} using push_rows where {wanted}")  # noqa: S608
        if written:
            changed = f"from ({table.rows}) as whole semi join changed on {table.same_key('whole', 'changed')}"
            self._send_aside(changed, table.columns, name)
            updates = ", ".join(f"{quoted(c)} = excluded.{quoted(c)}" for c in table.types if c not in table.key)
            self._server.run(
                f"insert into {name} ({table.columns}) select {table.columns} from push_rows "  # noqa: S608
                f"on conflict ({keys}) do {f'update set {updates}' if updates else 'nothing'}"
            )
        return Changed(name, added, written - added, removed)

    def _send_aside(self, rows: str, columns: str, name: str) -> None:
        """Send rows to a temporary table with columns of another table."""
        self._server.run("drop table if exists pg_temp.push_rows")
        self._server.run(
            f"create temporary table push_rows on commit drop as select {columns} from {name} with no data"  # noqa: S608
        )
        self._server.send(self._build.sql(rows).to_arrow_reader(_BATCH), "push_rows")
        self._server.run("analyze push_rows")

    def _drop_others(self, wanted: set[str]) -> None:
        """Drop what an earlier push made and this version does not have; PostgreSQL refuses if others depend on it."""
        for name, row in self._state.items():
            if name and name not in wanted:
                self._server.run(f"drop {row['kind']} if exists {name}")
                self._server.run(f"delete from {_STATE} where name = {literal(name)}")  # noqa: S608

    def _note(
        self, name: str, kind: str, *, definition: str, digest: str, key: str, columns: str, rows: int = 0
    ) -> None:
        texts = ", ".join(map(literal, (name, kind, self._build_id, definition, digest, key, columns)))
        self._server.run(
            f"insert into {_STATE} (name, kind, build_id, definition, digest, key, columns, row_count, pushed_at) "  # noqa: S608
            f"values ({texts}, {rows}, now()) on conflict (name) do update set kind = excluded.kind, "
            "build_id = excluded.build_id, definition = excluded.definition, digest = excluded.digest, "
            "key = excluded.key, columns = excluded.columns, row_count = excluded.row_count, "
            "pushed_at = excluded.pushed_at"
        )


# How PostgreSQL writes types that have a shorter name.
_STANDARD_NAMES = {"timestamptz": "timestamp with time zone"}


def _key(table: Table, nullable: bool, before: str) -> str:  # noqa: FBT001
    """Return the constraint of a key: the primary key, unless a column of it is NULL somewhere, or once was."""
    columns = f"({', '.join(map(quoted, table.key))})"
    unique = f"unique nulls not distinct {columns}"
    return unique if nullable or before == unique else f"primary key {columns}"


@cache
def _program() -> str:
    """Return a digest of the code and the SQL that decide what a push makes of a build."""
    files = sorted((PACKAGE / "push").glob("*.py"))
    return _digest(
        "".join([*(path.read_text(encoding="utf-8") for path in files), *(f.statement for f in sqlfiles.functions())])
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
