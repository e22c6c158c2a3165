"""The few calls to DuckDB that every stage needs."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa


_MOST_ENLARGED = 3  # times
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


def side_by_side(  # noqa: PLR0912 (each branch is a way for a job to end)
    connection: duckdb.DuckDBPyConnection,
    jobs: Mapping[str, Iterable[str]],
    run: Callable[[duckdb.DuckDBPyConnection, str], object],
) -> None:
    """Runs jobs, two at once, each in a transaction of its own and as soon as those are done that it waits for.

    What does not fit into memory beside another is run again, alone; and what does not fit alone, with twice the limit:
    an archive that has grown is no reason to publish nothing.

    Args:
        connection: whose database and default catalog the jobs see, as committed.
        jobs: the jobs that each waits for, by name; of those that can run, the first given is run first.
        run: runs the job of a name on a connection.
    """
    (catalog,) = one_row(connection, "select current_database()")
    idle = [quiet(connection.cursor()) for _ in range(_AT_ONCE)]
    for cursor in idle:
        cursor.execute(f'use "{catalog}"')
    sorter = TopologicalSorter(jobs)
    sorter.prepare()
    ready: set[str] = set()
    beside: set[str] = set()  # what runs, or ran for a while, beside another
    crowded: set[str] = set()  # what did not fit into memory there
    running: dict[Future[object], tuple[str, duckdb.DuckDBPyConnection]] = {}
    enlarged = 0
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            while sorter.is_active():
                ready.update(sorter.get_ready())
                if crowded:
                    starting = [] if running else [crowded.pop()]
                else:
                    starting = [name for name in jobs if name in ready][: len(idle)]
                    ready.difference_update(starting)
                for name in starting:
                    cursor = idle.pop()
                    running[pool.submit(run, cursor, name)] = (name, cursor)
                if len(running) > 1:
                    beside.update(name for name, _ in running.values())
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    name, cursor = running.pop(future)
                    idle.append(cursor)
                    try:
                        future.result()
                    except duckdb.Error as error:
                        if not _is_short_of_memory(error) or (name not in beside and enlarged == _MOST_ENLARGED):
                            raise
                        if name not in beside:
                            _enlarge(connection)
                            enlarged += 1
                        beside.discard(name)
                        crowded.add(name)
                    else:
                        sorter.done(name)
        except BaseException:  # Ctrl-C, too: the pool would wait for what runs
            while wait(running, timeout=0.1).not_done:  # one that only begins is not interrupted
                for _, cursor in running.values():
                    cursor.interrupt()
            raise


def _is_short_of_memory(error: duckdb.Error) -> bool:
    return isinstance(error, duckdb.OutOfMemoryException) or "failed to pin block" in str(error)  # of a commit


def _enlarge(connection: duckdb.DuckDBPyConnection) -> None:
    """Doubles the limit of DuckDB's memory."""
    number, unit = str(one_row(connection, "select current_setting('memory_limit')")[0]).split(" ")
    connection.execute("set memory_limit = $1", [f"{2 * float(number)} {unit}"])


def literal(text: str | Path) -> str:
    """A text or path as SQL writes it."""
    return "'" + str(text).replace("'", "''") + "'"
