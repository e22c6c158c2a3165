"""Jobs that run two at a time: their order and their faults."""

import threading
from graphlib import CycleError

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.load.database import connect, one_row, run_in_parallel

NAMES = [f"job_{number}" for number in range(8)]
GRAPHS = st.tuples(*(st.sets(st.sampled_from(NAMES[:number]) if number else st.nothing()) for number in range(8))).map(
    lambda dependencies: dict(zip(NAMES, dependencies, strict=True))
)


def test_each_job_runs_once_after_its_dependencies() -> None:
    with connect() as connection:
        connection.execute("create table ran (name varchar)")

        @given(GRAPHS)
        def try_it(jobs: dict[str, set[str]]) -> None:
            connection.execute("delete from ran")
            done: list[str] = []
            lock = threading.Lock()

            def run(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
                with lock:
                    assert set(done) >= jobs[name]
                cursor.execute("insert into ran values ($1)", [name])
                with lock:
                    done.append(name)

            run_in_parallel(connection, jobs, run)
            assert sorted(done) == NAMES
            assert [name for (name,) in connection.execute("from ran order by name").fetchall()] == NAMES

        try_it()


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


def test_a_job_that_is_short_of_memory_runs_again_alone() -> None:
    both = threading.Barrier(2)
    running: set[str] = set()
    alone: list[str] = []
    threads: list[tuple[bool, int]] = []

    def run(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
        running.add(name)
        threads.append((name in alone, one_row(cursor, "select current_setting('threads')")[0]))
        try:
            if name in ("one", "two") and name not in alone:
                alone.append(name)
                both.wait(60)
                raise duckdb.OutOfMemoryException("failed to allocate data of size 1.0 GiB")
            if name in alone:
                assert running == {name}
        finally:
            running.remove(name)

    done: list[int] = []
    with connect(threads=2) as connection:
        jobs = {"one": (), "two": (), "three": (), "four": ("one",)}
        run_in_parallel(connection, jobs, run, lambda count, _all: done.append(count))
    assert sorted(alone) == ["one", "two"]
    assert done == [1, 2, 3, 4]
    assert set(threads) == {(True, 1), (False, 2)}


def test_jobs_that_wait_for_each_other_are_refused() -> None:
    with connect() as connection, pytest.raises(CycleError):
        run_in_parallel(connection, {"one": ("two",), "two": ("one",)}, lambda _cursor, _name: None)
