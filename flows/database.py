"""The few calls to DuckDB that every stage needs."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa


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


def literal(text: str | Path) -> str:
    """A text or path as SQL writes it."""
    return "'" + str(text).replace("'", "''") + "'"
