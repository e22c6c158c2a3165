"""Call DuckDB: connections, small queries, inserts, and statements that run in parallel."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

_PARALLEL_JOBS = 2  # most statements have parts that DuckDB runs in one thread


def connect(path: str | Path = ":memory:", *, read_only: bool = False, **config: Any) -> duckdb.DuckDBPyConnection:
    """Open a database."""
    return disable_progress_bar(duckdb.connect(str(path), read_only=read_only, config=config))


def disable_progress_bar(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Disable the progress bar, which DuckDB writes to standard output; return the connection.

    Where another connection of this process has locked the settings of the file, it stays as it is.
    """
    if not one_row(connection, "select current_setting('lock_configuration')")[0]:
        connection.execute("set enable_progress_bar = false")
    return connection


def one_row(connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any] | None = None) -> tuple[Any, ...]:
    """Return the row of a query that has exactly one; reading to the end frees the connection."""
    (row,) = connection.execute(sql, parameters).fetchall()
    return tuple(row)


def dicts(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """Return the rows of a query, each by column name."""
    result = connection.execute(sql)
    columns = [column[0] for column in result.description or []]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def insert(connection: duckdb.DuckDBPyConnection, table: str, frame: "pl.DataFrame | pa.Table") -> None:
    """Add the rows of a frame to a table, matching columns by name."""
    connection.register("incoming", frame)
    connection.execute(f"insert into {table} by name select * from incoming")  # noqa: S608
    connection.unregister("incoming")


def store(connection: duckdb.DuckDBPyConnection, table: str, frame: "pl.DataFrame") -> None:
    """Create a table with the rows of a frame, in the place of an earlier one."""
    connection.register("incoming", frame)
    connection.execute(f"create or replace table {table} as select * from incoming")  # noqa: S608
    connection.unregister("incoming")


def run_in_parallel(
    connection: duckdb.DuckDBPyConnection,
    jobs: Mapping[str, Iterable[str]],
    run: Callable[[duckdb.DuckDBPyConnection, str], object],
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Run jobs two at a time, each in its own transaction, once their dependencies finish.

    If memory was too short for a job, it is run once more, alone and with one thread: each thread needs memory.

    Args:
        connection: connection to the database; jobs use its default catalog and see only what is committed.
        jobs: the dependencies of each job, by its name. Jobs that can start do so in the order given.
        run: runs the job of that name on a connection. If it fails, nothing of the job must be left.
        progress: called after each job with the number of jobs done and the number of all jobs.

    Raises:
        duckdb.Error: the first job that failed, after the other one was interrupted. A note says which job it was.
    """
    catalog, threads = one_row(connection, "select current_database(), current_setting('threads')")
    idle = [disable_progress_bar(connection.cursor()) for _ in range(_PARALLEL_JOBS)]
    for cursor in idle:
        cursor.execute(f'use "{catalog}"')
    sorter = TopologicalSorter(jobs)
    sorter.prepare()
    done_count = 0
    ready: set[str] = set()
    crowded: list[str] = []  # to be run alone
    were_crowded: set[str] = set()
    running: dict[Future[object], tuple[str, duckdb.DuckDBPyConnection]] = {}
    with ThreadPoolExecutor(_PARALLEL_JOBS) as pool:
        try:
            while sorter.is_active():
                ready.update(sorter.get_ready())
                starting = [] if crowded else [name for name in jobs if name in ready][: len(idle)]
                if crowded and not running:
                    starting = [crowded.pop()]
                    connection.execute("set threads = 1")
                ready.difference_update(starting)
                for name in starting:
                    cursor = idle.pop()
                    running[pool.submit(run, cursor, name)] = (name, cursor)
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    name, cursor = running.pop(future)
                    idle.append(cursor)
                    error = future.exception()
                    if name in were_crowded:
                        connection.execute(f"set threads = {threads}")
                    elif isinstance(error, duckdb.OutOfMemoryException):  # a commit raises another class
                        crowded.append(name)
                        were_crowded.add(name)
                        continue
                    if error:
                        error.add_note(f"at {name}")  # of what DuckDB says when memory is short, nothing tells where
                        raise error
                    sorter.done(name)
                    done_count += 1
                    if progress:
                        progress(done_count, len(jobs))
        except BaseException:  # also Ctrl-C; leaving the pool would otherwise wait for the running jobs
            while wait(running, timeout=0.1).not_done:  # repeated: a job that is just starting misses an interrupt
                for _, cursor in running.values():
                    cursor.interrupt()
            raise


def literal(text: str | Path) -> str:
    """Return a text or path as an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"
