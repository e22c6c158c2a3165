"""Ad-hoc SQL on the published file: read-only, and cut off from files, networks and other databases."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from flows.errors import Unusable
from flows.load.database import connect, dicts, one_row

# Everything a statement could leave the file by; lock_configuration keeps a statement from undoing it.
_SHUT_IN: dict[str, Any] = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "python_enable_replacements": "false",
}


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a query."""

    columns: list[str]
    rows: Sequence[tuple[Any, ...]]


def open_published(published: Path) -> duckdb.DuckDBPyConnection:
    """Opens the published file for a query.

    Raises:
        Unusable: nothing is published there, or the file cannot be opened.
    """
    if not published.exists():
        raise Unusable(f"There is no warehouse at {published}: run `beehive refresh` first.")
    try:
        connection = connect(published, read_only=True, **_SHUT_IN)
        connection.execute("set lock_configuration = true")
    except duckdb.Error as error:
        raise Unusable(f"{published} cannot be opened: {str(error).splitlines()[0]}.") from error
    return connection


def names_awaiting_review(published: Path) -> list[dict[str, Any]]:
    """Return the rows of the view names_to_review: each name with its evidence.

    Raises:
        Unusable: nothing is published there, or the file cannot be opened.
    """
    with open_published(published) as connection:
        return dicts(connection, "from main.names_to_review")


def run_as_of(published: Path, when: str) -> Rows:
    """The releases as they stood in the archive at a commit or time.

    Raises:
        Unusable: it is neither a commit of the history nor a time.
    """
    with open_published(published) as connection:
        (known,) = one_row(
            connection,
            "select try_cast($1 as timestamp) is not null or exists (from core.archive_commit "
            "where length($1) >= 7 and starts_with(commit_id, lower($1)))",
            [when],
        )
        if not known:
            raise Unusable(f"{when!r} is no commit of the archive's history and no time such as 2025-12-31.")
        return ask(connection, "from main.releases_as_of($1)", [when])


def run_query(published: Path, sql: str) -> Rows:
    """Runs SQL and gives the rows of its last statement.

    Raises:
        Unusable: DuckDB refuses the SQL; the message is DuckDB's own.
    """
    with open_published(published) as connection:
        try:
            return ask(connection, sql)
        except duckdb.Error as error:
            raise Unusable(f"The query failed: {error}") from error


def ask(connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any] | None = None) -> Rows:
    """Asks in a thread, so that Ctrl-C ends it at once: at work in the main thread, DuckDB may not hear it for long."""

    def answer() -> Rows:
        result = connection.execute(sql, parameters)
        columns = [column[0] for column in result.description or []]
        return Rows(columns, result.fetchall() if columns else [])

    with ThreadPoolExecutor(1) as pool:
        try:
            waited = pool.submit(answer)
            while not wait([waited], timeout=0.1).done:  # the signal may reach another thread: wake up and look
                pass
        except KeyboardInterrupt:
            connection.interrupt()
            raise
        return waited.result()
