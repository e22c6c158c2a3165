"""Ad-hoc SQL on the published file: read-only, and without access to other files, networks and databases."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from flows.errors import Unusable
from flows.load.database import connect, dicts, one_row

# Closes every way out of the published file; lock_configuration keeps a statement from reopening one.
_SANDBOX: dict[str, Any] = {
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
    """Open the published file for queries.

    Raises:
        Unusable: nothing is published there, or the file cannot be opened.
    """
    if not published.exists():
        raise Unusable(f"There is no warehouse at {published}: run `beehive refresh` first.")
    try:
        connection = connect(published, read_only=True, **_SANDBOX)
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
    """Return the releases as they stood in the archive at a commit or time.

    Raises:
        Unusable: `when` is neither a commit of the history nor a time.
    """
    with open_published(published) as connection:
        (known,) = one_row(
            connection,
            "select try_cast($1 as timestamp) is not null or exists (from core.archive_commit "
            "where length($1) >= 7 and starts_with(commit_id, lower($1)))",
            [when],
        )
        if not known:
            raise Unusable(
                f"{when!r} is neither a commit of the archive's history nor a time: give 7 or more characters of a "
                "commit id, or a time such as 2025-12-31."
            )
        return fetch_rows(connection, "from main.releases_as_of($1)", [when])


def run_query(published: Path, sql: str) -> Rows:
    """Run SQL and return the rows of its last statement.

    Raises:
        Unusable: DuckDB refused the SQL; the message holds DuckDB's own.
    """
    with open_published(published) as connection:
        try:
            return fetch_rows(connection, sql)
        except duckdb.Error as error:
            raise Unusable(f"The query failed: {error}") from error


def fetch_rows(connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any] | None = None) -> Rows:
    """Run SQL in a thread, so that Ctrl-C stops it at once: in the main thread, DuckDB may not notice it for long."""

    def run() -> Rows:
        result = connection.execute(sql, parameters)
        if result is None:
            raise Unusable("The query is empty: give an SQL statement, such as 'from build_info'.")
        columns = [column[0] for column in result.description or []]
        return Rows(columns, result.fetchall() if columns else [])

    with ThreadPoolExecutor(1) as pool:
        try:
            future = pool.submit(run)
            while not wait([future], timeout=0.1).done:  # wake up to handle a signal that reached another thread
                pass
        except KeyboardInterrupt:
            connection.interrupt()
            raise
        return future.result()
