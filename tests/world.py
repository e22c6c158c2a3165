"""A small database of releases with the real views, for tests that bring rows of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from flows.load import sqlfiles, star

WORLD = yaml.load((Path(__file__).parent / "sql" / "world.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)

_DAYS = """
insert into core.dim_date by name
select
    strftime(day, '%Y%m%d')::integer as date_id, day::date as calendar_date,
    year(day) as year, month(day) as month, monthname(day) as month_name,
    date_trunc('month', day)::date as month_start_date, isodow(day) as weekday, dayname(day) as weekday_name,
    year(day + interval 6 month) as fiscal_year, 'labour' as government_id, 'ben' as prime_minister_id,
    case month(day) when 3 then 'autumn' else 'summer' end as season, 47 as parliament,
    datesub('month', timestamp '2002-07-27', day) + 1 as month_of_term,
    isodow(day) >= 6 as is_weekend, false as is_public_holiday, false as is_election_day, false as is_pre_election,
    false as is_budget_day
from generate_series($1::timestamp, $2::timestamp, interval 1 day) as days (day)
union all by name
select 0 as date_id, 'unknown' as government_id, 'not-stated' as prime_minister_id
"""


def new_world(given: dict[str, list[dict[str, Any]]]) -> duckdb.DuckDBPyConnection:
    """Return a database with the views over tables of the real types, but without constraints: a case gives rows."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as real; use real")
    star.create_tables(connection)
    connection.execute("use memory; create schema core; create schema meta")
    for file in sqlfiles.tables():
        connection.execute(f"create table {file.qualified} as from real.{file.qualified} limit 0")
    connection.execute(_DAYS, WORLD["days"])
    star.create_views(connection)
    _fill(connection, given)
    return connection


def _fill(connection: duckdb.DuckDBPyConnection, given: dict[str, list[dict[str, Any]]]) -> None:
    for table, rows in given.items():
        for row in rows:
            columns = ", ".join(row)
            marks = ", ".join(f"${number}" for number in range(1, len(row) + 1))
            connection.execute(f"insert into {table} ({columns}) values ({marks})", list(row.values()))


@cache
def _shared_world() -> duckdb.DuckDBPyConnection:
    return new_world(WORLD["given"])


@contextmanager
def world(given: dict[str, list[dict[str, Any]]]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a database with the rows of `world.yaml`, and with these tables in the place of those that it gives.

    They are exchanged in a transaction that is rolled back at the end.
    """
    connection = _shared_world()
    connection.begin()
    try:
        for table in given.keys() & WORLD["given"].keys():
            connection.execute(f"delete from {table}")
        _fill(connection, given)
        yield connection
    finally:
        connection.rollback()
