"""Ad-hoc SQL on the published file: read-only, and without access to other files, networks and databases."""

import os
import shutil
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import duckdb

from flows.errors import Unusable, is_short_of_memory
from flows.load.database import connect, literal, one_row
from flows.settings import Settings

# Closes every way out of the published file; lock_configuration keeps a statement from reopening one.
_SANDBOX: dict[str, Any] = {
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "python_enable_replacements": "false",
}
_FETCHED = 2_000  # rows fetched at a time
_OPENING = Lock()  # held while a connection is set up: DuckDB shares the settings of a file within a process
_LIFT = "Set a higher limit, or ask for less."

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a query."""

    columns: list[str]
    rows: Iterable[tuple[Any, ...]]  # a list, or an iterator that fetches them from the open database


@dataclass(frozen=True, slots=True)
class Limits:
    """What the answer to one question may cost."""

    seconds: float = 60  # without the time in which the rows are printed; 0 means no limit
    memory: str = "1GB"
    spill: str = "4GB"  # of disk space for what does not fit into memory


def limits_of(settings: Settings) -> Limits:
    """Return the limits that are set for queries."""
    return Limits(settings.query_seconds, settings.query_memory, settings.query_spill)


def open_published(published: Path, limits: Limits | None = None) -> duckdb.DuckDBPyConnection:
    """Open the published file for queries.

    What does not fit into memory is written to a folder beside the file, which DuckDB removes. If the process is
    killed, the next one that opens the file removes it. Connections of one process share what the first of them that
    is still open has set.

    Args:
        published: the published file.
        limits: memory and disk space that queries may use; None leaves both to DuckDB.

    Raises:
        Unusable: nothing is published there, the file cannot be opened, or a limit is not a size.
    """
    if not published.exists():
        raise Unusable(f"There is no warehouse at {published}: run `beehive refresh` first.")
    _remove_spilled(published)
    with _OPENING:
        try:
            connection = connect(
                published, read_only=True, temp_directory=_spill_folder(published, os.getpid()), **_SANDBOX
            )
        except duckdb.Error as error:
            raise Unusable(f"{published} cannot be opened: {str(error).splitlines()[0]}.") from error
        try:
            if one_row(connection, "select current_setting('lock_configuration')")[0]:
                return connection  # another connection of this process has set everything
            connection.execute("set enable_external_access = false")  # after temp_directory, which then cannot be set
            if limits:
                for setting, name in (("memory_limit", "memory"), ("max_temp_directory_size", "spill")):
                    connection.execute(f"set {setting} = {literal(getattr(limits, name))}")
            connection.execute("set lock_configuration = true")
        except duckdb.Error as error:
            connection.close()
            raise Unusable(
                f"The limit {name} of queries (--{name}, BEEHIVE_QUERY_{name.upper()}) is {getattr(limits, name)!r}, "
                "which is not a size: write it like 500MB or 2GB."
            ) from error
        return connection


def _spill_folder(published: Path, process: int | str) -> str:
    return f"{published}.tmp-{socket.gethostname()}-{process}"


def _remove_spilled(published: Path) -> None:
    """Remove what killed queries of this machine have left beside the published file."""
    prefix = Path(_spill_folder(published, "")).name
    for folder in published.parent.glob(f"{prefix}*"):
        process = folder.name.removeprefix(prefix)
        if process.isdigit() and not _is_running(int(process)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True


def names_awaiting_review(published: Path, limits: Limits = Limits()) -> list[dict[str, Any]]:
    """Return the rows of the view names_to_review: each name with its evidence.

    Raises:
        Unusable: nothing is published there, the file cannot be opened, or a limit is reached.
    """
    with open_published(published, limits) as connection, _failures_explained("list", limits):
        found = fetch_rows(connection, "from main.names_to_review", limits=limits)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def run_as_of(published: Path, when: str, limits: Limits = Limits()) -> Rows:
    """Return the releases as they stood in the archive at a commit or time.

    Raises:
        Unusable: `when` is neither a commit of the history nor a time, or is before the history; or a limit is reached.
    """
    with open_published(published, limits) as connection, _failures_explained("list", limits):
        (known,) = one_row(
            connection,
            # DuckDB would ignore an offset such as +13:00.
            "select (try_cast($1 as timestamp) is not null and regexp_full_match($1, '[^:]*(:[0-9.]+)*Z?')) "
            "or exists (from core.archive_commit "
            "where length($1) >= 7 and starts_with(commit_id, lower($1)))",
            [when],
        )
        if not known:
            raise Unusable(
                f"{when!r} is neither a commit of the archive's history nor a time: give 7 or more characters of a "
                "commit id, or a time in UTC such as 2025-12-31 or 2025-12-31T12:00:00."
            )
        found = fetch_rows(connection, "from main.releases_as_of($1)", [when], limits)
        if not found.rows:
            (first,) = one_row(
                connection, "select strftime(min(valid_from_at), '%Y-%m-%d %H:%M:%S') from core.release_revision"
            )
            raise Unusable(
                f"The archive had no release at {when!r}: its history begins at {first} UTC. Days on "
                "which releases were published are in the view releases."
            )
        return found


def run_query(published: Path, sql: str, limits: Limits = Limits()) -> Rows:
    """Run SQL and return the rows of its last statement.

    Raises:
        Unusable: DuckDB refused the SQL, and the message holds DuckDB's own; or a limit is reached.
    """
    with open_query(published, sql, limits) as found:
        return Rows(found.columns, list(found.rows))


@contextmanager
def open_query(published: Path, sql: str, limits: Limits = Limits()) -> Iterator[Rows]:
    """Run SQL and yield the rows of its last statement; they are fetched while they are read.

    Raises:
        Unusable: DuckDB refused the SQL, and the message holds DuckDB's own; or a limit is reached.
    """
    with open_published(published, limits) as connection, _failures_explained("query", limits):
        yield _fetch(connection, sql, None, limits)


def fetch_rows(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    parameters: list[Any] | dict[str, Any] | None = None,
    limits: Limits = Limits(),
) -> Rows:
    """Run SQL and return all rows.

    Raises:
        Unusable: it takes longer than the limit.
    """
    found = _fetch(connection, sql, parameters, limits)
    return Rows(found.columns, list(found.rows))


def _fetch(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any] | dict[str, Any] | None, limits: Limits
) -> Rows:
    """Run SQL and return its rows as an iterator that fetches them from the connection."""
    used = 0.0

    def timed(work: Callable[[], Result]) -> Result:
        nonlocal used
        start = time.monotonic()
        try:
            return _run_stoppable(connection, work, start + limits.seconds - used if limits.seconds else None)
        except TimeoutError as error:
            raise Unusable(
                f"The answer takes longer than {limits.seconds:g} seconds (--timeout, BEEHIVE_QUERY_SECONDS). {_LIFT}"
            ) from error
        finally:
            used += time.monotonic() - start

    def fetched() -> Iterator[tuple[Any, ...]]:
        while rows := timed(lambda: result.fetchmany(_FETCHED)):
            yield from rows

    result = timed(lambda: connection.execute(sql, parameters))
    if result is None:
        raise Unusable("The query is empty: give an SQL statement, such as 'from build_info'.")
    columns = [column[0] for column in result.description or []]
    return Rows(columns, fetched() if columns else [])


def _run_stoppable(connection: duckdb.DuckDBPyConnection, work: Callable[[], Result], deadline: float | None) -> Result:
    """Call DuckDB in a thread, so that Ctrl-C stops it at once: in the main thread, it may not notice it for long.

    Args:
        connection: what the work uses.
        work: calls DuckDB.
        deadline: time of the monotonic clock, in seconds, at which the work is stopped; None for never.

    Raises:
        TimeoutError: the deadline came first.
    """
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work)
        try:
            while not wait([future], timeout=0.1).done:  # wake up to handle a signal that reached another thread
                if deadline is not None and time.monotonic() > deadline:
                    raise TimeoutError
        except BaseException:
            while not wait([future], timeout=0.1).done:  # repeated: work that is just starting misses an interrupt
                connection.interrupt()
            raise
        return future.result()


@contextmanager
def _failures_explained(name: str, limits: Limits) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise explain(error, name, limits) from error


def explain(error: duckdb.Error, name: str, limits: Limits) -> Unusable:
    """Return an error that says why a query, search or list failed."""
    if is_short_of_memory(error) or "max_temp_directory_size" in str(error):
        return Unusable(
            f"The {name} needs more than {limits.memory} of memory (--memory, BEEHIVE_QUERY_MEMORY) or {limits.spill} "
            f"of disk space (--spill, BEEHIVE_QUERY_SPILL). {_LIFT} DuckDB: {str(error).splitlines()[0]}"
        )
    if isinstance(error, duckdb.InvalidInputException):  # of a macro: a sentence about a name
        return Unusable(f"The {name} failed: {str(error).removeprefix('Invalid Input Error: ')}")
    return Unusable(f"The {name} failed: {error}")
