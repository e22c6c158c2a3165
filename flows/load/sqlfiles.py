"""Read the files under `sql/`: one object each, documented in the header of its file and nowhere else.

A header is the comment at the beginning of a file: lines `-- key: text`, continued by comment lines with deeper
indentation. Keys: `title` (queries of the report), `description` (required), `grain` (columns that identify a row),
`scope` (of a statement that fills a table: for which rows an incremental build runs it, as `flows.load.transform` says,
and the column by which they are known unless it is release_id; `whole` for all rows, `whole, COLUMN` if statements that
are run for some releases read only their rows), `references` (a foreign key that is checked because it is not declared:
`COLUMN in TABLE`), `unchecked` (why the grain is not checked), `rechecked` (why the grain of a view depends on more
than the grains of tables, so that each build checks it), `warning`, `example`, `severity` (of a check: fail or warn),
`limit` and `floor` (of a guard: the share and the number that may change for the worse; the larger one counts), `files`
(of a table or view with a Parquet file for each year, see below), `column NAME`, and `metric NAME` (of a view used by
charts: `EXPRESSION: what it counts`).

`files: by year of COLUMN` divides the rows by the year in a release id or a path. A row must depend only on rows of the
same release or file of the archive, and on tables without releases. With ` within COLUMN, COLUMN`, it may also depend
on releases that have the same value in one of these columns of core.fact_release.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from types import MappingProxyType

from flows.errors import Unusable
from flows.paths import SQL

_KEY = re.compile(
    r"^-- (title|description|grain|scope|references|unchecked|rechecked|warning|example|severity|limit|floor|files"
    r"|(column|metric) (\w+)): (.*)$"
)
_FILES = re.compile(r"by year of (\w+)(?: within (\w+(?:, \w+)*))?")
_REFERENCE = re.compile(r"(?<![\w.])((?:core|meta|main|work)\.\w+)")
_STAGING_REFERENCE = re.compile(r"\b(?:from|join)\s+(\w+)")  # the staging file has one schema and no prefixes


@dataclass(frozen=True, slots=True)
class Metric:
    """Aggregate over the columns of a view, for charts."""

    name: str
    expression: str
    description: str


@dataclass(frozen=True, slots=True)
class SqlFile:
    """One file: the object that it creates or fills, its header, and its statement."""

    path: Path
    schema: str  # core, meta or main; staging or work; check, guard, report, superset, web or mcp for mere queries
    name: str
    statement: str = field(repr=False)
    description: str = field(repr=False)
    grain: tuple[str, ...] = ()
    scope: str = ""  # of an incremental build: which rows are computed anew; empty for all
    scope_key: str = ""  # the column by which these rows are known
    warning: str = field(default="", repr=False)
    example: str = field(default="", repr=False)
    severity: str = ""
    limit: float = 0  # share, 0 to 1
    floor: int = 0
    title: str = field(default="", repr=False)
    foreign_key: str = ""
    unchecked: str = field(default="", repr=False)
    rechecked: str = field(default="", repr=False)
    columns: dict[str, str] = field(default_factory=dict, repr=False)
    metrics: tuple[Metric, ...] = field(default=(), repr=False)
    year_column: str = ""  # whose years the Parquet files are divided by; empty: one file
    within: tuple[str, ...] = ()

    @property
    def qualified(self) -> str:
        """Return schema and name, as SQL refers to the object."""
        return f"{self.schema}.{self.name}"

    @property
    def query(self) -> str:
        """Return the statement of a helper or transform without its first line, which says where the rows go."""
        return re.sub(r"^(?:create table \S+ as|insert into \S+ by name)\n", "", self.statement).removesuffix(";")

    @property
    def references(self) -> set[str]:
        """Return the objects that the statement names, without the object itself."""
        code = _code(self.statement)
        if self.schema == "staging":
            return {f"staging.{name}" for name in _STAGING_REFERENCE.findall(code)} - {self.qualified}
        return set(_REFERENCE.findall(code)) - {self.qualified}

    @property
    def comment(self) -> str:
        """Return the comment that clients show for the object."""
        grain = f"Grain: one row per {', '.join(self.grain)}." if self.grain else ""
        return " ".join(part for part in (self.description, grain, self.warning) if part)


@cache
def staging() -> list[SqlFile]:
    """Return the tables and views of the staging file, each after those it reads."""
    return _in_order(_read("schema/staging", "staging"))


@cache
def tables() -> list[SqlFile]:
    """Return the tables of `core` and `meta`, each after the tables that its foreign keys name."""
    return _in_order(_read("schema/core", "core") + _read("schema/meta", "meta"))


@cache
def helpers() -> list[SqlFile]:
    """Return the tables of the `work` catalog, which several transforms read; none is published."""
    return _in_order(_read("transform/work", "work"))


@cache
def touched() -> list[SqlFile]:
    """Return the tables of the releases that an incremental build computes anew, by scope."""
    return _read("transform/touched", "work")


@cache
def transforms() -> list[SqlFile]:
    """Return the statements that fill tables, each after the tables that it reads or that its foreign keys name."""
    return _in_order(_read("transform/core", "core") + _read("transform/meta", "meta"), _foreign_tables())


@cache
def views() -> list[SqlFile]:
    """Return the public views, each after those it reads."""
    return _in_order(_read("views", "main"))


@cache
def macros() -> list[SqlFile]:
    """Return the public macros, each after those it calls."""
    return _in_order(_read("macros", "main"))


@cache
def checks() -> list[SqlFile]:
    """Return the data checks: queries that select failing rows."""
    return _read("checks", "check")


@cache
def guards() -> list[SqlFile]:
    """Return the guards: queries for what is gone or worse than in the build before."""
    return _read("guards", "guard")


@cache
def report() -> list[SqlFile]:
    """Return the queries of the report, which read the public views and `meta`."""
    return _read("report", "report")


@cache
def datasets() -> list[SqlFile]:
    """Return the queries that are datasets of Superset beside the public views."""
    return _read("superset", "superset")


@cache
def pages() -> dict[str, SqlFile]:
    """Return the queries behind the pages of the web application, by name; `$name` in them is a parameter."""
    return {file.name: file for file in _read("web", "web")}


def page(name: str) -> SqlFile:
    """Return one of `pages`."""
    return pages()[name]


@cache
def tools() -> dict[str, SqlFile]:
    """Return the queries behind the tools of the MCP server, by name; `$name` in them is a parameter."""
    return {file.name: file for file in _read("mcp", "mcp")}


@cache
def functions() -> list[SqlFile]:
    """Return the functions that a push creates in PostgreSQL."""
    return _read("postgresql", "postgresql")


def read_again() -> None:
    """Read every file now: a build uses the files as they were when this was last called."""
    for files in (staging, tables, helpers, touched, transforms, views, macros, checks, guards, report):
        files.cache_clear()
        files()
    inputs_of.cache_clear()


def file_of(qualified: str) -> SqlFile:
    """Return the helper or transform that fills a table."""
    (found,) = [file for file in (*helpers(), *touched(), *transforms()) if file.qualified == qualified]
    return found


def dependencies() -> dict[str, set[str]]:
    """Return what each helper and transform depends on: the tables that it reads or that its foreign keys name."""
    return _dependencies([*helpers(), *transforms()], _foreign_tables())


@cache
def inputs_of(qualified: str) -> tuple[frozenset[str], str]:
    """Return the tables that a table or public view is made of, through views and macros, and the SQL that does it.

    A table is made of itself, and of no SQL.
    """
    named = {file.qualified: file for file in (*views(), *macros())}
    found, waiting = {qualified}, [qualified]
    while waiting:
        if file := named.get(waiting.pop()):
            new = file.references - found
            found |= new
            waiting += new
    code = "\n".join(_code(named[name].statement) for name in sorted(found & named.keys()))
    return frozenset(found - named.keys()), code


def incremental_dependencies() -> dict[str, set[str]]:
    """Return what each statement of an incremental build depends on: also on the touched releases of its scope."""
    files = [*helpers(), *touched(), *transforms()]
    by_scope = {file.qualified: set(touched_tables(file.scope)) for file in files if file.scope}
    further = {name: tables | by_scope.get(name, set()) for name, tables in _foreign_tables().items()}
    return _dependencies(files, by_scope | further)


def touched_tables(scope: str) -> list[str]:
    """Return the tables of the releases of a scope; pairs are also looked for among those near the touched ones."""
    return ["work.touched_pair", "work.touched_near"] if scope == "pair" else [f"work.touched_{scope}"]


def query_repeated_keys(file: SqlFile) -> str:
    """Return a query for the keys of a table or view that more than one row has."""
    keys = ", ".join(file.grain)
    return f"select {keys}, count(*) as row_count from {file.qualified} group by {keys} having count(*) > 1"  # noqa: S608


def query_missing_references(file: SqlFile) -> str:
    """Return a query for the rows whose foreign key has no row in the table it names.

    Declaring a key on the long text ids would cost 6 MB of index for each, in a file with 40 MB of text.
    """
    column, _, table = file.foreign_key.partition(" in ")
    return f"select {column} from {file.qualified} anti join {table} using ({column})"  # noqa: S608


def _read(folder: str, schema: str) -> list[SqlFile]:
    return [_parse(path, schema) for path in sorted((SQL / folder).glob("*.sql"))]


def _parse(path: Path, schema: str) -> SqlFile:
    lines = path.read_text(encoding="utf-8").splitlines()
    keys: dict[str, str] = {}
    columns: dict[str, str] = {}
    metrics: dict[str, str] = {}
    current: tuple[dict[str, str], str] | None = None
    body_at = next((number for number, line in enumerate(lines) if not line.startswith("--")), len(lines))
    for line in lines[:body_at]:
        if match := _KEY.match(line):
            named = {"column": columns, "metric": metrics, None: keys}[match[2]]
            current = (named, match[3] or match[1])
            named[current[1]] = match[4].strip()
        elif line.startswith("--  ") and current:
            current[0][current[1]] += " " + line[2:].strip()
        else:
            raise Unusable(f"{path}: the header line {line!r} is neither 'key: text' nor an indented continuation.")
    if not keys.get("description"):
        raise Unusable(f"{path} has no description: begin the file with '-- description: ...'.")
    files = _FILES.fullmatch(keys["files"]) if "files" in keys else None
    if "files" in keys and not files:
        raise Unusable(f"{path}: files is not 'by year of COLUMN' or 'by year of COLUMN within COLUMN, COLUMN'.")
    scope, _, scope_key = keys.get("scope", "whole").partition(", ")
    return SqlFile(
        path=path,
        schema=schema,
        name=path.stem,
        statement="\n".join(lines[body_at:]).strip(),
        description=keys["description"],
        grain=tuple(part.strip() for part in keys["grain"].split(",")) if "grain" in keys else (),
        scope=scope.removeprefix("whole"),
        scope_key=scope_key or ("" if scope == "whole" else "release_id"),
        foreign_key=keys.get("references", ""),
        limit=float(keys.get("limit", 0)),
        floor=int(keys.get("floor", 0)),
        columns=columns,
        metrics=tuple(_parse_metric(path, name, text) for name, text in metrics.items()),
        year_column=files[1] if files else "",
        within=tuple(files[2].split(", ")) if files and files[2] else (),
        **{key: keys.get(key, "") for key in ("warning", "example", "severity", "title", "unchecked")},
        rechecked=keys.get("rechecked", ""),
    )


def _parse_metric(path: Path, name: str, text: str) -> Metric:
    expression, colon, description = text.partition(": ")
    if not colon:
        raise Unusable(f"{path}: the metric {name} is not 'EXPRESSION: what it counts'.")
    return Metric(name, expression, description)


def _foreign_tables() -> dict[str, set[str]]:
    """Return the tables that the foreign keys of each table name."""
    return {file.qualified: file.references for file in tables()}


def _in_order(files: list[SqlFile], further: Mapping[str, set[str]] = MappingProxyType({})) -> list[SqlFile]:
    """Return the files, each after those it depends on.

    Args:
        files: the files to sort.
        further: dependencies besides those that the statements name, by qualified name.
    """
    by_name = {file.qualified: file for file in files}
    graph = {name: sorted(others) for name, others in sorted(_dependencies(files, further).items())}
    return [by_name[name] for name in TopologicalSorter(graph).static_order()]


def _dependencies(files: list[SqlFile], further: Mapping[str, set[str]]) -> dict[str, set[str]]:
    names = {file.qualified for file in files}
    return {file.qualified: (file.references | further.get(file.qualified, set())) & names for file in files}


def _code(statement: str) -> str:
    """Return a statement without comments and quoted text."""
    return re.sub(r"--[^\n]*|'(?:[^']|'')*'", " ", statement)
