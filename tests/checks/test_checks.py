"""Each data check on a small healthy world that one change breaks: `cases.yaml` holds the change and what is reported.

The world is that of the views (`tests/sql/world.yaml`), after the statements under `healthy`.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from flows.load import check, sqlfiles
from tests.world import WORLD, new_world

GIVEN = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))
CASES = [
    pytest.param(name, case, id=f"{name}: {case['case']}") for name, cases in GIVEN["checks"].items() for case in cases
]


@pytest.fixture(scope="module")
def healthy() -> Iterator[duckdb.DuckDBPyConnection]:
    with new_world(WORLD["given"]) as connection:
        for statement in GIVEN["healthy"]:
            connection.execute(statement)
        yield connection


def test_no_check_fails_on_the_healthy_world(healthy: duckdb.DuckDBPyConnection) -> None:
    results = check.check(healthy)
    assert {result.name for result in results} >= set(GIVEN["checks"])
    assert [result for result in results if not result.is_passed] == []
    assert all(result.is_passed for result in results)


def test_a_build_that_goes_on_from_another_takes_over_the_grains_of_views(healthy: duckdb.DuckDBPyConnection) -> None:
    healthy.begin()
    try:
        full = {result.name for result in check.check(healthy)}
        healthy.execute(
            "update meta.build set build_id = 'b2'; delete from meta.check_result where check_name = 'grain_of_twins'"
        )
        ran = {result.name for result in check.check(healthy, is_incremental=True)}
        builds = dict(healthy.execute("select check_name, build_id from meta.check_result").fetchall())
    finally:
        healthy.rollback()
    views = {f"grain_of_{file.name}": file for file in sqlfiles.views()}
    assert "grain_of_twins" in ran  # its result was lost
    assert full - ran == {name for name, file in views.items() if not file.rechecked} - {"grain_of_twins"}
    assert builds == dict.fromkeys(full, "b1") | dict.fromkeys(ran, "b2")


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_check_reports_what_is_broken(name: str, case: dict[str, Any], healthy: duckdb.DuckDBPyConnection) -> None:
    (one,) = (one for one in check._list_checks() if one.name == name)
    healthy.begin()
    try:
        healthy.execute(case["break"])
        result = check._run_check(healthy, one)
    finally:
        healthy.rollback()
    expected = json.loads(json.dumps(case["expect"], default=str))  # days as text, as in the rows of a result
    assert sorted(map(json.loads, result.failing_rows), key=repr) == sorted(expected, key=repr)
    assert result.failing_count == len(expected)
