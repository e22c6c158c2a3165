"""Ad-hoc SQL on the published file: read-only, and cut off from files, networks and other databases."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from flows.errors import Unusable

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
        connection = duckdb.connect(str(published), read_only=True, config=_SHUT_IN)
        connection.execute("set lock_configuration = true")
    except duckdb.Error as error:
        raise Unusable(f"{published} cannot be opened: {str(error).splitlines()[0]}.") from error
    return connection


def run_query(published: Path, sql: str) -> Rows:
    """Runs SQL and gives the rows of its last statement.

    Raises:
        Unusable: DuckDB refuses the SQL; the message is DuckDB's own.
    """
    with open_published(published) as connection:
        try:
            result = connection.execute(sql)
            columns = [column[0] for column in result.description or []]
            return Rows(columns, result.fetchall() if columns else [])
        except duckdb.Error as error:
            raise Unusable(f"The query failed: {error}") from error
