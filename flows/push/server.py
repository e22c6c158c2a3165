"""Talk to a PostgreSQL server: connect, run statements, send and fetch rows as Arrow, and explain its errors."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flows.errors import Refused, Unreachable, Unusable, is_short_of_memory
from flows.settings import shown_address

if TYPE_CHECKING:
    import pyarrow as pa

_OLDEST = 150000  # unique nulls not distinct
# What libpq is asked for unless the address says otherwise: a server that does not answer is given up within minutes.
_DEFAULTS = {
    "connect_timeout": "10",  # seconds
    "keepalives_idle": "30",
    "tcp_user_timeout": "60000",  # milliseconds
    "application_name": "beehive%20push",
}
# A failed log-in that another attempt does not mend; libpq gives no code for it.
_LOGIN = ("authentication failed", "does not exist", "pg_hba.conf", "not permitted to log in", "permission denied",
          "no password supplied", "certificate", "invalid ")  # fmt: skip


def quoted(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


class Server:
    """A connection in one transaction; every error of the server is raised as a sentence about it."""

    def __init__(self, url: str) -> None:
        try:
            from adbc_driver_postgresql import dbapi  # noqa: PLC0415 (needs the extra "postgresql")
        except ImportError as error:
            raise Unusable(
                "The Python package adbc-driver-postgresql is missing: run "
                "`.venv/bin/python -m pip install --editable '.[postgresql]'`."
            ) from error
        self.address = shown_address(url)
        self._error = dbapi.Error
        missing = [f"{name}={value}" for name, value in _DEFAULTS.items() if f"{name}=" not in url]
        with self._errors_explained(is_connecting=True):
            self._connection = dbapi.connect(url + ("&" if "?" in url else "?") + "&".join(missing))
        self._cursor = self._connection.cursor()
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        """Refuse a server that cannot hold the tables, and lift limits: the connection idles while DuckDB works."""
        ((version, encoding, is_standby),) = self.rows(
            "select current_setting('server_version_num')::integer, current_setting('server_encoding'), "
            "pg_is_in_recovery()"
        )
        if version < _OLDEST:
            raise Unusable(f"{self.address} is PostgreSQL {version // 10_000}: use 15 or newer.")
        if encoding != "UTF8":
            raise Unusable(f"The database of {self.address} has the encoding {encoding}: use one with UTF8.")
        if is_standby:
            raise Unusable(f"{self.address} is a standby server, which is read-only: give the address of the primary.")
        self.rows(
            "select set_config(name, case name when 'lock_timeout' then '60s' "
            "when 'default_toast_compression' then 'lz4' when 'standard_conforming_strings' then 'on' "
            "when 'check_function_bodies' then 'off' else '0' end, true) "
            "from pg_settings where name in ('statement_timeout', 'idle_in_transaction_session_timeout', "
            "'transaction_timeout', 'lock_timeout', 'standard_conforming_strings', 'check_function_bodies') "
            "or (name = 'default_toast_compression' and 'lz4' = any(enumvals))"
        )

    def run(self, sql: str) -> int:
        """Run a statement; return the number of rows that it changed."""
        with self._errors_explained():
            self._cursor.execute(sql)
            return int(self._cursor.rowcount)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self._errors_explained():
            self._cursor.execute(sql)
            return [tuple(row) for row in self._cursor.fetchall()]

    @contextmanager
    def fetched(self, sql: str) -> "Iterator[pa.RecordBatchReader]":
        """Yield the rows of a query as Arrow; they are fetched while they are read."""
        with self._errors_explained(), self._connection.cursor() as cursor:
            cursor.execute(sql)
            yield cursor.fetch_record_batch()

    def send(self, rows: "pa.RecordBatchReader", table: str, schema: str | None = None) -> int:
        """Copy rows to a table of a schema, or to a temporary one; return how many they are."""
        with self._errors_explained():
            where: dict[str, Any] = {"db_schema_name": schema} if schema else {"temporary": True}
            return int(self._cursor.adbc_ingest(table, rows, mode="append", **where))

    def commit(self) -> None:
        """End the transaction."""
        with self._errors_explained():
            self._connection.commit()

    def close(self) -> None:
        """Close the connection; what was not committed is undone."""
        self._cursor.close()
        self._connection.close()

    @contextmanager
    def _errors_explained(self, *, is_connecting: bool = False) -> Iterator[None]:
        try:
            yield
        except self._error as error:
            raise explain(error, self.address, is_connecting=is_connecting) from None  # its text can hold rows


def explain(error: Any, address: str, *, is_connecting: bool = False) -> Refused | Unusable:
    """Return an error of the server or of the connection as one sentence about what to do.

    Args:
        error: raised by the driver.
        address: of the server, as it may be shown.
        is_connecting: whether there was no connection yet.
    """
    details = {bytes(key): value.decode(errors="replace") for key, value in error.details or []}
    code = error.sqlstate or ""
    # Without a code there is what libpq says, with the driver's words around it.
    if is_short_of_memory(error):  # DuckDB, while the driver read its rows
        return Unusable("DuckDB ran out of memory: raise BEEHIVE_MEMORY_LIMIT, then push again.")
    text = re.sub(r"^\w+: (?:\[libpq\] )?(?:Failed to [\w ]+(?: '.*')?: )?", "", str(error), flags=re.DOTALL)
    text = re.split("Query was:|This probably means", text, maxsplit=1)[0]
    said = details.get(b"PG_DIAG_MESSAGE_PRIMARY") or text
    said = " ".join(said.split()).rstrip(".")
    more = " ".join(details.get(b"PG_DIAG_MESSAGE_DETAIL", "").split()).rstrip(".")
    match code[:2], code:
        case "", _:
            if is_connecting and any(words in said for words in _LOGIN):
                return Unusable(
                    f"{address} does not let this program in ({said}): check user, password and database of the "
                    "address (BEEHIVE_PUSH_URL)."
                )
            if not is_connecting:
                return Unreachable(f"{address} broke off the push ({said}): push again.")
            return Unreachable(f"{address} cannot be reached ({said}): check the server, then push again.")
        case ("53", _) | ("58", _):
            return Unreachable(f"{address} has no room left or is failing ({said}): mend the server, then push again.")
        case ("08", _) | ("57", _) | ("40", _):
            return Unreachable(f"{address} broke off the push ({said}): push again.")
        case _, "55P03":
            return Unreachable(f"Somebody has locked tables of {address} for a minute ({said}): push again later.")
        case ("28", _) | (_, "42501") | (_, "25006"):
            return Unusable(
                f"{address} does not let the user of the push do this ({said}): the user needs the privileges CREATE "
                "and TEMPORARY in the database, and must own the schema and its tables."
            )
        case (_, "2BP01") | (_, "0A000") | ("23", _):
            return Refused(
                f"What others built on the tables of {address} stops the push "
                f"({'; '.join(filter(None, (said, more)))}): change or drop it, then push again. The "
                "server still shows the build before."
            )
    return Unusable(f"{address} refused a statement of the push with the code {code} ({said}). Nothing was changed.")
