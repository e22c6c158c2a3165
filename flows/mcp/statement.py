"""One SQL statement of an assistant, run in a process of its own with limits that hold whatever the statement does.

DuckDB's own limit of memory leaves out long texts and lists, and some functions do not notice an interrupt:
`list_sum(range(1000000000))` takes 20 GB and a minute. A process can be limited by the system, and killed.

The process reads a `Request` as JSON from standard input and writes the answer of `run` as JSON, or
an `error`.
"""

import difflib
import json
import math
import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb

from flows.errors import BeehiveError, Unusable, is_short_of_memory
from flows.load.database import dicts, one_row
from flows.serve.query import Limits, explain, open_published

MOST_ROWS = 1_000
MOST_CELL = 20_000  # characters
MOST_ANSWER = 40_000  # characters of all cells together
_MOST_STATEMENT = 20_000  # characters
_MOST_EXPLAINED = 12  # columns
_LARGEST_EXACT = 2**53  # programs that read JSON take larger integers for rounded ones
# The functions of DuckDB that a statement may read from, beside this project's macros. Others read files, change
# settings, or run a text as a statement of its own, in which nobody sees which views it reads.
_ALLOWED = {
    "duckdb_columns", "duckdb_functions", "duckdb_keywords", "duckdb_schemas", "duckdb_tables", "duckdb_types",
    "duckdb_views", "generate_series", "json_each", "json_tree", "pragma_table_info", "pragma_version", "range",
    "repeat", "unnest",
}  # fmt: skip
# Functions that tell of this machine, or write to its log.
_REFUSED = {"current_setting", "getenv", "getvariable", "write_log"}

Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """A statement and what its answer may cost."""

    published: str
    sql: str
    rows: int
    cell: int  # characters
    seconds: float
    memory: str
    spill: str


def too_slow(seconds: float) -> str:
    """Return what to say of a statement that took too long."""
    return (
        f"The statement was stopped after {seconds:g} seconds (--timeout, BEEHIVE_QUERY_SECONDS). Ask for less: filter "
        "by year or minister, aggregate, or read a view that has the counts already."
    )


def too_large(memory: str) -> str:
    """Return what to say of a statement that needs too much memory."""
    return (
        f"The statement was stopped because it needs more than {memory} of memory (--memory, BEEHIVE_QUERY_MEMORY). "
        "Ask for less: filter, aggregate, and leave out long texts."
    )


def run(request: Request) -> Found:
    """Run a statement.

    Returns:
        build_id, built_at, latest_release_date, columns, meanings (of columns), rows, reads (the objects that the
        statement names) and notes (what was cut, and how to get the rest).

    Raises:
        Unusable: the statement was refused, is wrong, or reached a limit.
    """
    limits = Limits(request.seconds, request.memory, request.spill)
    if len(request.sql) > _MOST_STATEMENT:
        raise Unusable(f"The statement has more than {_MOST_STATEMENT:,} characters: write a shorter one.")
    with open_published(Path(request.published), limits) as connection:
        timer = Timer(request.seconds or threading.TIMEOUT_MAX, connection.interrupt)
        timer.daemon = True
        timer.start()
        reads: list[str] = []
        try:
            (build,) = dicts(connection, "select build_id, built_at, latest_release_date from main.build_info")
            _check_kind(connection, request.sql)
            reads = _find_objects(connection, request.sql)
            result = connection.execute(request.sql)
            columns = [column[0] for column in result.description or []]
            rows, notes = _take(result, request)
            meanings = _meanings(connection, reads, columns)
        except duckdb.Error as error:
            raise _explain(connection, error, reads, limits) from error
        finally:
            timer.cancel()
    shown = {name: to_json(value) for name, value in build.items()}
    return {**shown, "columns": columns, "meanings": meanings, "rows": rows, "reads": reads, "notes": notes}


def _check_kind(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise an error unless the text is one statement that only reads."""
    statements = connection.extract_statements(sql)
    if not statements:
        raise Unusable("The statement is empty: give one, such as `from build_info`.")
    if len(statements) > 1:
        raise Unusable(f"These are {len(statements)} statements: give them one at a time.")
    kind = statements[0].type
    if kind == duckdb.StatementType.MULTI:
        raise Unusable("PIVOT as a statement is refused: write `from VIEW pivot (sum(x) for year in (2003, 2004))`.")
    if kind != duckdb.StatementType.SELECT:
        raise Unusable(
            f"A statement of the kind {kind.name} is refused: nothing can be changed, set, loaded or written here. "
            "Give one that reads: SELECT, FROM, WITH, VALUES, DESCRIBE, SUMMARIZE or SHOW."
        )


def _find_objects(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    """Return the tables, views and macros that a statement names, such as `main.releases`, in alphabetical order.

    DuckDB parses it: a name in a subquery is found, one in a text or a comment is not. A CTE that has the name of a
    view counts as the view.
    """
    (text,) = one_row(connection, "select json_serialize_sql($1::varchar)", [sql])
    try:
        tree = json.loads(text)
    except RecursionError:
        tree = {"error": True, "error_message": "it is nested too deeply"}
    if tree.get("error"):
        raise Unusable(f"The statement cannot be checked: {tree.get('error_message')}. Write it in another way.")
    known = {name for (name,) in connection.execute(_NAMES).fetchall()}
    reads = set()
    for node in _nodes(tree):
        if path := [part.lower() for part in (node.get("qualified_name") or {}).get("path", [])]:
            reads |= known & {".".join(path[-2:]), f"main.{path[-1]}"}
            if node.get("class") == "FUNCTION" and path[-1] in _REFUSED:
                raise Unusable(f"The function {path[-1]} is refused: settings and the machine are not shown here.")
        if node.get("type") == "TABLE_FUNCTION":
            name = node["function"]["function_name"].lower()
            if name not in _ALLOWED and f"main.{name}" not in known:
                raise Unusable(
                    f"The function {name} is refused or does not exist. A statement may read from views, tables, the "
                    f"macros that list_tables shows, and {', '.join(sorted(_ALLOWED))}."
                )
    return sorted(reads)


def _meanings(connection: duckdb.DuckDBPyConnection, reads: list[str], columns: list[str]) -> dict[str, str]:
    """Return what the columns of an answer mean that are called as in the tables and views that it reads.

    A wide answer has none: they would be longer than the rows.
    """
    if len(columns) > _MOST_EXPLAINED:
        return {}
    return dict(connection.execute(_MEANINGS, [reads, columns]).fetchall())


_MEANINGS = (
    "select column_name, any_value(description) from meta.dictionary where column_name <> '' "
    "and list_contains($1::varchar[], schema_name || '.' || object_name) "
    "and list_contains($2::varchar[], column_name) group by column_name having count(distinct description) = 1"
)
_NAMES = "select schema_name || '.' || object_name from meta.dictionary where column_name = ''"


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield the nodes of a parsed statement."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _take(result: duckdb.DuckDBPyConnection, request: Request) -> tuple[list[list[Any]], list[str]]:
    """Return the rows of an answer as JSON holds them, within its limits, and sentences about what was left out."""
    rows: list[list[Any]] = []
    size, cut_count, longest, is_more = 0, 0, 0, False
    for values in iter(result.fetchone, None):
        row = []
        for value in map(to_json, values):
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            if len(text) > request.cell:
                cut_count, longest = cut_count + 1, max(longest, len(text))
                row.append(f"{text[: request.cell]}… [{len(text):,} characters in all]")
            else:
                row.append(value)
            size += min(len(text), request.cell)
        is_more = len(rows) == request.rows or (bool(rows) and size > MOST_ANSWER)
        if is_more:
            break
        rows.append(row)
    notes = []
    if is_more:
        reason = f"limit = {request.rows:,}" if len(rows) == request.rows else f"{MOST_ANSWER:,} characters"
        raised = f"raise limit (at most {MOST_ROWS:,}), " if len(rows) == request.rows < MOST_ROWS else ""
        notes.append(
            f"These are the first {len(rows):,} rows, and there are more ({reason}). To get the rest, {raised}order "
            f"the rows by a key and add `offset {len(rows)}`, or aggregate. Do not count or add up these rows."
        )
    if cut_count:
        notes.append(
            f"{cut_count:,} cells were cut to {request.cell:,} characters; the longest has {longest:,}. To get the "
            f"rest, raise cell_length (at most {MOST_CELL:,}) or select `substring(COLUMN, {request.cell + 1}, "
            f"{request.cell})`; `read_release` shows a whole release page by page."
        )
    return rows, notes


def to_json(value: Any) -> Any:
    """Return a value of DuckDB as JSON can hold it without loss; what has no type in JSON becomes text."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if abs(value) <= _LARGEST_EXACT else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return float(value) if Decimal(str(float(value))) == value else str(value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {str(key): to_json(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(one) for one in value]
    return str(value)


def _explain(connection: duckdb.DuckDBPyConnection, error: duckdb.Error, reads: list[str], limits: Limits) -> Unusable:
    """Return an error that says what is wrong, and which names exist."""
    if isinstance(error, duckdb.InterruptException):
        return Unusable(too_slow(limits.seconds))
    if is_short_of_memory(error) or isinstance(error, duckdb.OutOfMemoryException):
        return Unusable(too_large(limits.memory))
    text = str(explain(error, "statement", limits)).strip()
    if isinstance(error, duckdb.CatalogException) and (found := _MISSING.search(text)):
        names = [name for (name,) in connection.execute(_NAMES).fetchall()]
        wanted = found[1].lower() if "." in found[1] else f"main.{found[1].lower()}"
        near = difflib.get_close_matches(wanted, names, n=5, cutoff=0.75)
        nearest = f"Nearest: {', '.join(near)}" if near else "list_tables has the names that exist"
        return Unusable(f"The statement failed: {found[0]}. {nearest}.")
    if isinstance(error, duckdb.BinderException) and reads:
        columns = dict(connection.execute(_COLUMNS).fetchall())
        text += "".join(f"\n\nColumns of {name}: {columns[name]}." for name in reads if name in columns)
    return Unusable(text)


_MISSING = re.compile(r"(?:Table|(?:Table |Scalar |Aggregate )?(?:Macro )?Function) with name (\S+) does not exist")
_COLUMNS = (
    "select schema_name || '.' || object_name, string_agg(column_name, ', ' order by column_position) "
    "from meta.dictionary where column_name <> '' group by all"
)


def _limit_memory(memory: str) -> None:
    """Let this process use twice the memory that DuckDB may use: DuckDB does not count all that it needs."""
    try:
        import resource  # noqa: PLC0415 (not on Windows)
    except ImportError:
        return
    unit = re.sub(r"[\d. ]", "", memory).lower()[0]
    size = int(2 * float(re.sub(r"[^\d.]", "", memory)) * 1024 ** (1 + "kmgt".index(unit)))
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def main() -> None:
    """Answer the request on standard input."""
    request = Request(**json.load(sys.stdin.buffer))
    _limit_memory(request.memory)
    try:
        answer = run(request)
    except BeehiveError as error:
        answer = {"error": str(error)}
    except MemoryError:
        answer = {"error": too_large(request.memory)}
    sys.stdout.buffer.write(json.dumps(answer).encode())
    sys.stdout.flush()


if __name__ == "__main__":
    main()
