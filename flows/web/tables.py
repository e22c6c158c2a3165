"""Tables of a build in memory, for rows about one release.

A question to DuckDB takes some milliseconds, most of them to plan it, and a page of a release would ask ten.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from flows.serve.published import Build

Row = dict[str, Any]
_NUMBER = "search_number"


def warm(build: Build, queries: Iterable[str]) -> Iterator[None]:
    """Ask queries, one after the other, before somebody waits for it."""
    for query in queries:
        _table(build, query)
        yield


def rows_of(build: Build, query: str, number: int) -> list[Row]:
    """Return the rows about a release of a query of `sql/web/`, which is sorted by search_number and asked once."""
    table = _table(build, query)
    start, end = bisect_left(table.numbers, number), bisect_right(table.numbers, number)
    rows: list[Row] = table.rows.slice(start, end - start).to_pylist() if end > start else []
    return rows


def whole(build: Build, query: str) -> pa.Table:
    """Return all rows of such a query, with their search_number."""
    return _table(build, query).whole


@dataclass(frozen=True, slots=True)
class _Table:
    whole: pa.Table
    rows: pa.Table  # without search_number
    numbers: "array[int]"  # search_number of each row


def _table(build: Build, query: str) -> _Table:
    def make() -> _Table:
        found = build.table(query)
        packed = pa.table({name: _pack(found[name]) for name in found.column_names})
        return _Table(packed, packed.drop_columns(_NUMBER), array("i", packed[_NUMBER].to_pylist()))

    table: _Table = build.kept(query, make)
    return table


def _pack(column: pa.ChunkedArray) -> pa.Array:
    """Return a column with each of its texts once, where that is smaller."""
    column = column.combine_chunks()
    if not pa.types.is_string(column.type):
        return column
    packed = column.dictionary_encode()
    return packed if packed.nbytes < column.nbytes else column
