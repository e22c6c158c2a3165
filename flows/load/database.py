"""The few calls to DuckDB that every stage needs."""

import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from functools import partial
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from flows.errors import is_short_of_memory

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

_Result = TypeVar("_Result")

_logger = logging.getLogger(__name__)
_MOST_ENLARGED = 3  # times
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB")
_AT_ONCE = 2  # statements; most have parts that DuckDB runs by one thread


def connect(path: str | Path = ":memory:", *, read_only: bool = False, **config: Any) -> duckdb.DuckDBPyConnection:
    """Opens a database."""
    return quiet(duckdb.connect(str(path), read_only=read_only, config=config))


def quiet(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Switches the connection's progress bar off: DuckDB writes it to standard output, into logs and answers."""
    connection.execute("set enable_progress_bar = false")
    return connection


def one_row(connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any] | None = None) -> tuple[Any, ...]:
    """The row of a query that has exactly one; read to its end, so that the connection is free again."""
    (row,) = connection.execute(sql, parameters).fetchall()
    return tuple(row)


def dicts(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """The rows of a query by column name."""
    result = connection.execute(sql)
    columns = [column[0] for column in result.description or []]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def insert(connection: duckdb.DuckDBPyConnection, table: str, frame: "pl.DataFrame | pa.Table") -> None:
    """Adds the rows of a frame to a table whose columns have its names: hundreds at once, not one by one."""
    connection.register("incoming", frame)
    connection.execute(f"insert into {table} by name select * from incoming")  # noqa: S608
    connection.unregister("incoming")


def run_in_parallel(
    connection: duckdb.DuckDBPyConnection,
    jobs: Mapping[str, Iterable[str]],
    run: Callable[[duckdb.DuckDBPyConnection, str], object],
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Runs jobs, two at once, each in a transaction of its own and as soon as those are done that it waits for.

    What does not fit into memory beside another is run again, alone, `with_room`.

    Args:
        connection: whose database and default catalog the jobs see, as committed.
        jobs: the jobs that each waits for, by name; of those that can run, the first given is run first.
        run: runs the job of a name on a connection.
        progress: told, after each, how many jobs are done, and of how many.
    """
    (catalog,) = one_row(connection, "select current_database()")
    idle = [quiet(connection.cursor()) for _ in range(_AT_ONCE)]
    for cursor in idle:
        cursor.execute(f'use "{catalog}"')
    sorter = TopologicalSorter(jobs)
    sorter.prepare()
    done_count = 0

    def note_done(name: str) -> None:
        nonlocal done_count
        sorter.done(name)
        done_count += 1
        if progress:
            progress(done_count, len(jobs))

    ready: set[str] = set()
    crowded: list[str] = []  # what did not fit
    running: dict[Future[object], tuple[str, duckdb.DuckDBPyConnection]] = {}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            while sorter.is_active():
                ready.update(sorter.get_ready())
                for name in [] if crowded else [name for name in jobs if name in ready][: len(idle)]:
                    ready.remove(name)
                    cursor = idle.pop()
                    running[pool.submit(run, cursor, name)] = (name, cursor)
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    name, cursor = running.pop(future)
                    idle.append(cursor)
                    if is_short_of_memory(future.exception()):
                        crowded.append(name)
                    else:
                        future.result()
                        note_done(name)
                while crowded and not running:
                    name = crowded.pop()
                    with_room(connection, name, partial(run, idle[0], name))
                    note_done(name)
        except BaseException:  # Ctrl-C, too: the pool would wait for what runs
            while wait(running, timeout=0.1).not_done:  # one that only begins is not interrupted
                for _, cursor in running.values():
                    cursor.interrupt()
            raise


def with_room(connection: duckdb.DuckDBPyConnection, name: str, run: Callable[[], _Result]) -> _Result:
    """Runs what may need more memory than DuckDB's limit: then it has twice as much, three times at most.

    An archive that has grown is no reason to publish nothing. What runs afterwards has the usual limit again.
    """
    usual = limit = memory_limit(connection)
    for _ in range(_MOST_ENLARGED):
        try:
            result = run()
            break
        except duckdb.Error as error:
            if not is_short_of_memory(error):
                raise
        _logger.warning(
            "%s does not fit into DuckDB's %.0f MB (BEEHIVE_MEMORY_LIMIT), and runs again with twice as much.",
            name,
            limit / 1e6,
        )
        limit *= 2
        limit_memory(connection, limit)
    else:
        result = run()
    if limit != usual:
        with suppress(duckdb.OutOfMemoryException):  # what it holds then is more: so be it
            limit_memory(connection, usual)
    return result


def memory_limit(connection: duckdb.DuckDBPyConnection) -> int:
    """DuckDB's memory limit in bytes; it tells it in tenths of a MiB."""
    number, unit = str(one_row(connection, "select current_setting('memory_limit')")[0]).split(" ")
    return int(float(number) * 1024 ** _UNITS.index(unit))


def limit_memory(connection: duckdb.DuckDBPyConnection, size: int) -> None:
    """Sets DuckDB's memory limit, in bytes."""
    connection.execute("set memory_limit = $1", [f"{size}B"])


def literal(text: str | Path) -> str:
    """A text or path as SQL writes it."""
    return "'" + str(text).replace("'", "''") + "'"
