"""The few calls to DuckDB that every stage needs."""

from pathlib import Path
from typing import Any

import duckdb


def one_row(connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any] | None = None) -> tuple[Any, ...]:
    """The row of a query that has exactly one; read to its end, so that the connection is free again."""
    (row,) = connection.execute(sql, parameters).fetchall()
    return tuple(row)


def dicts(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """The rows of a query by column name."""
    result = connection.execute(sql)
    columns = [column[0] for column in result.description or []]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def literal(text: str | Path) -> str:
    """A text or path as SQL writes it."""
    return "'" + str(text).replace("'", "''") + "'"
