"""Jobs that run two at once: their order, their faults, and what does not fit into memory beside another."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from graphlib import CycleError

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.load.database import connect, run_in_parallel

NAMES = [f"job_{number}" for number in range(8)]
GRAPHS = st.tuples(*(st.sets(st.sampled_from(NAMES[:number]) if number else st.nothing()) for number in range(8))).map(
    lambda waits: dict(zip(NAMES, waits, strict=True))
)


@given(GRAPHS, st.sets(st.sampled_from(NAMES)))
def test_each_job_runs_to_its_end_once_and_after_what_it_waits_for(jobs: dict[str, set[str]], large: set[str]) -> None:
    """Large jobs do not fit beside another: what they began is undone, and they run again, alone."""
    done: list[str] = []
    running: set[str] = set()
    lock = threading.Lock()
    with connect() as connection:
        connection.execute("create table ran (name varchar)")

        def run(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
            with lock:
                assert set(done) >= jobs[name]
                running.add(name)
                is_crowded = name in large and len(running) > 1
            try:
                if is_crowded:
                    raise duckdb.OutOfMemoryException("no room beside another")
                cursor.execute("insert into ran values ($1)", [name])
                with lock:
                    done.append(name)
            finally:
                with lock:
                    running.remove(name)

        run_in_parallel(connection, jobs, run)
        assert sorted(done) == NAMES
        assert [name for (name,) in connection.execute("from ran order by name").fetchall()] == NAMES


def test_what_does_not_fit_alone_gets_more_memory_and_is_an_error_in_the_end() -> None:
    limits = []

    def run(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
        limits.append(cursor.execute("select current_setting('memory_limit')").fetchall()[0][0])
        if name == "large":
            raise duckdb.OutOfMemoryException("no room at all")

    with connect(memory_limit="100MiB") as connection:
        with pytest.raises(duckdb.OutOfMemoryException, match="no room at all"):
            run_in_parallel(connection, {"large": (), "last": ("large",)}, run)
        assert limits == ["100.0 MiB", "100.0 MiB", "200.0 MiB", "400.0 MiB", "800.0 MiB"]


@contextmanager
def after_more_than_the_limit(query: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in which a statement ran that needed more than its memory."""
    with connect(memory_limit="20MiB", temp_directory="") as connection:
        connection.execute("set threads = 1")
        with pytest.raises(duckdb.OutOfMemoryException):
            connection.execute(query)
        run_in_parallel(connection, {"numbers": ()}, lambda cursor, _name: cursor.execute(query).fetchall())
        yield connection


def test_a_statement_that_needs_more_than_the_limit_gets_it(caplog: pytest.LogCaptureFixture) -> None:
    query = "create table numbers as select list(n) as all_numbers from range(4_000_000) as t(n)"
    with after_more_than_the_limit(query) as connection:
        assert connection.execute("select len(all_numbers) from numbers").fetchall() == [(4_000_000,)]
    assert caplog.messages[0].startswith("numbers does not fit into DuckDB's 21 MB (BEEHIVE_MEMORY_LIMIT)")


def test_what_comes_afterwards_has_the_usual_limit() -> None:
    with after_more_than_the_limit("select len(list(n)) from range(4_000_000) as t(n)") as connection:
        assert connection.execute("select current_setting('memory_limit')").fetchall() == [("20.0 MiB",)]


def test_a_fault_ends_what_runs_beside_it() -> None:
    began = threading.Event()

    def run(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
        if name == "long":
            began.set()
            cursor.execute("select count(*) from range(1e12::bigint) as one, range(1000)").fetchall()
        else:
            began.wait()
            raise duckdb.ConstraintException("broken")

    with connect() as connection, pytest.raises(duckdb.ConstraintException, match="broken"):
        run_in_parallel(connection, {"long": (), "broken": ()}, run)


def test_jobs_that_wait_for_each_other_are_refused() -> None:
    with connect() as connection, pytest.raises(CycleError):
        run_in_parallel(connection, {"one": ("two",), "two": ("one",)}, lambda _cursor, _name: None)
