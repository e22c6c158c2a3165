"""The published file for a program that runs for long: each question is asked of the newest build."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb

from flows.errors import Unusable
from flows.load import sqlfiles
from flows.load.database import connect, dicts, literal
from flows.serve.query import Limits, Rows, explain, fetch_rows


@dataclass(frozen=True, slots=True)
class Build:
    """A published build, open for as long as somebody holds this object."""

    build_id: str
    built_at: datetime  # UTC
    latest_release_date: Any
    limits: Limits
    connection: duckdb.DuckDBPyConnection

    def ask(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Rows:
        """Run SQL of this program, with parameters such as `$name`, and return all rows.

        Raises:
            Unusable: a limit is reached, an argument of a macro is wrong, or an older version made the build.
        """
        cursor = self.connection.cursor()
        try:
            cursor.execute("use beehive")  # each cursor begins in the database `memory`
            return fetch_rows(cursor, sql, dict(parameters or {}), self.limits)
        except duckdb.Error as error:
            raise explain(error, "question", self.limits) from error
        finally:
            cursor.close()

    def rows(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """Return the rows of a query of `sql/web/`, by column name; the parameters are those that it names."""
        found = self.ask(sqlfiles.page(query).statement, parameters)
        return [dict(zip(found.columns, row, strict=True)) for row in found.rows]

    def row(self, query: str, **parameters: Any) -> dict[str, Any] | None:
        """Return the first row of a query of `sql/web/`, or None if it has none."""
        return next(iter(self.rows(query, **parameters)), None)


class Published:
    """The published file, opened again when a refresh has replaced it.

    DuckDB gives every connection of one process to one path the same file, also when that was replaced. So each build
    is attached to a database in memory of its own, which is closed when the last question to it is answered.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path, self._limits = path, limits
        self._opening = Lock()
        self._opened: tuple[tuple[int, int, int], Build] | None = None

    def newest(self) -> Build:
        """Return the newest build. Whoever holds it reads that build, whatever is published meanwhile.

        Raises:
            Unusable: nothing is published, or the file cannot be opened.
        """
        try:
            found = self._path.stat()
        except FileNotFoundError as error:
            raise Unusable(f"There is no warehouse at {self._path}: run `beehive refresh` first.") from error
        identity = (found.st_dev, found.st_ino, found.st_mtime_ns)
        opened = self._opened
        if opened and opened[0] == identity:
            return opened[1]
        with self._opening:
            if not self._opened or self._opened[0] != identity:
                self._opened = identity, self._open()
            return self._opened[1]

    def _open(self) -> Build:
        limits = self._limits
        connection = connect(
            autoload_known_extensions="false", autoinstall_known_extensions="false", python_enable_replacements="false"
        )
        try:
            connection.execute(f"attach {literal(self._path)} as beehive (read_only)")
            connection.execute("use beehive")
            connection.execute(f"set memory_limit = {literal(limits.memory)}")
            connection.execute("set temp_directory = ''")  # what does not fit into memory is refused
            connection.execute("set enable_external_access = false")
            connection.execute("set lock_configuration = true")
            (info,) = dicts(connection, "select build_id, built_at, latest_release_date from main.build_info")
        except duckdb.Error as error:
            connection.close()
            raise Unusable(f"{self._path} cannot be opened: {str(error).splitlines()[0]}.") from error
        return Build(**info, limits=limits, connection=connection)
