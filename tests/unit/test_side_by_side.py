"""Jobs that run two at once: their order, their faults, and what does not fit into memory beside another."""

import threading
from graphlib import CycleError

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.database import connect, side_by_side

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

        side_by_side(connection, jobs, run)
        assert sorted(done) == NAMES
        assert [name for (name,) in connection.execute("from ran order by name").fetchall()] == NAMES


def test_what_does_not_fit_alone_is_an_error() -> None:
    def run(_cursor: duckdb.DuckDBPyConnection, name: str) -> None:
        if name == "large":
            raise duckdb.OutOfMemoryException("no room at all")

    with connect() as connection, pytest.raises(duckdb.OutOfMemoryException, match="no room at all"):
        side_by_side(connection, {"small": (), "large": (), "last": ("large",)}, run)


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
        side_by_side(connection, {"long": (), "broken": ()}, run)


def test_jobs_that_wait_for_each_other_are_refused() -> None:
    with connect() as connection, pytest.raises(CycleError):
        side_by_side(connection, {"one": ("two",), "two": ("one",)}, lambda _cursor, _name: None)
