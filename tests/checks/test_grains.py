"""Grains of views that no build needs to check again: they hold whatever the tables hold, if the grains of these hold.

`rechecked` in the header of a view says that its grain depends on more. The tables get random rows without regard to
what they mean, but with their keys.
"""

import random
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import duckdb
import pytest

from flows.load import sqlfiles, star
from flows.load.database import one_row
from flows.load.sqlfiles import SqlFile
from tests.world import new_world

_ROWS = 60
# Random rows seldom meet the conditions of these; each groups by its grain, or numbers its rows.
_OFTEN_EMPTY = {"christmas_quiet", "handovers", "holder_accuracy", "spending_announcements", "topics_by_month"}
_IDS = "abcdef"
_RELEASE_IDS = [first + second for first in _IDS for second in _IDS]
_SHAKE_DATES = """
update core.dim_date set
    is_budget_day = random() < 0.3, is_election_day = random() < 0.1,
    government_id = chr(97 + (random() * 6)::integer % 6), prime_minister_id = chr(97 + (random() * 6)::integer % 6)
"""


def _keys(file: SqlFile) -> Iterator[tuple[str, ...]]:
    """Yield the columns of the grain, and those that the table declares as unique."""
    yield file.grain
    for names in re.findall(r"(?:primary key|unique) \(([^)]*)\)", file.statement):
        yield tuple(name.strip() for name in names.split(","))
    for name in re.findall(r"^ +(\w+) [^\n]*(?:primary key|unique),?$", file.statement, re.MULTILINE):
        yield (name,)


def _rows(
    rng: random.Random, file: SqlFile, columns: list[tuple[str, str]], days: dict[str, list[Any]]
) -> list[list[Any]]:
    """Return random rows without repeated keys."""
    listed = re.findall(r"(\w+) in \(([^)]*)\)", file.statement)
    choices = days | {name: re.findall(r"'([^']*)'", values) for name, values in listed}
    choices |= {name: _RELEASE_IDS for name, _ in columns if name.endswith("release_id")}
    choices |= dict.fromkeys(("twin_group_id", "statement_id"), _RELEASE_IDS[:6]) | {"currency": ["NZD", "USD"]}
    by_type: dict[str, list[Any]] = {
        "VARCHAR": list(_IDS), "BOOLEAN": [True, True, False], "DATE": days["calendar_date"],
        "TIMESTAMP": [datetime(2003, 1, day) for day in range(1, 9)], "DOUBLE": [0.25, 0.5, 1.0],  # noqa: DTZ001
    }  # fmt: skip
    keys, seen, rows = list(_keys(file)), set[tuple[Any, ...]](), []
    for _ in range(3 * _ROWS):
        row = {
            name: None
            if data_type.endswith((")", "]")) or (rng.random() < 0.1 and not name.endswith("_id"))
            else rng.choice(choices.get(name) or by_type.get(data_type) or range(1, 6))
            for name, data_type in columns
        }
        own = {(key, *map(row.get, key)) for key in keys}
        if len(rows) < _ROWS and not own & seen:
            seen |= own
            rows.append(list(row.values()))
    return rows


@pytest.mark.slow
def test_the_grains_of_views_follow_from_those_of_tables() -> None:
    rng = random.Random(1)
    failed, filled = set(), set()
    for _ in range(3):
        with new_world({}) as connection:
            _fill(connection, rng)
            for file in sqlfiles.views():
                (count,) = one_row(connection, f"select count(*) from {file.qualified}")
                filled |= {file.name} if count > 1 else set()
                failed |= {file.name} if connection.execute(sqlfiles.query_repeated_keys(file)).fetchall() else set()
    assert failed <= {file.name for file in sqlfiles.views() if file.rechecked}
    assert {file.name for file in sqlfiles.views()} - filled <= _OFTEN_EMPTY


def _fill(connection: duckdb.DuckDBPyConnection, rng: random.Random) -> None:
    connection.execute(f"select setseed({rng.random()})")
    connection.execute(_SHAKE_DATES)
    days = {
        "calendar_date": [day for (day,) in connection.execute("select calendar_date from core.dim_date").fetchall()]
    }
    ids = [number for (number,) in connection.execute("select date_id from core.dim_date").fetchall()]
    days |= dict.fromkeys(("published_date_id", "nz_date_id"), ids)
    columns = star.columns(connection)
    for file in sqlfiles.tables():
        if file.name != "dim_date":
            rows = _rows(rng, file, columns[file.qualified], days)
            marks = ", ".join("?" * len(columns[file.qualified]))
            connection.executemany(f"insert into {file.qualified} values ({marks})", rows)
