"""Incremental builds: each clause of the touched sets is needed and all suffice; more is the same; kills are healed.

`tests.clauses` and `tests.increments` explain the proofs, and try more than these tests do on one day.
"""

import random
from pathlib import Path

import pytest

from tests.clauses import SCRIPTS, Archive, Clause, clauses, script_of
from tests.conftest import DAY
from tests.increments import STATEMENTS, kill, more_touched
from tests.pipeline.faults import World

# Each clause is removed on one day of twelve: of these, the slow tests of this folder take a third.
OF_TODAY = clauses()[DAY % 4 :: 4]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return Archive(tmp_path_factory.mktemp("clauses"))


@pytest.mark.parametrize("clause", OF_TODAY, ids=lambda clause: clause.name)
def test_without_a_clause_an_incremental_build_is_wrong(edited: Archive, clause: Clause) -> None:
    assert edited.load(script_of(clause)).differences(clause.file, limit=1) != []


@pytest.mark.parametrize("script", SCRIPTS)
def test_with_every_clause_an_incremental_build_is_right(edited: Archive, script: str) -> None:
    assert edited.load(script).differences() == []


def test_a_build_of_more_than_is_touched_is_the_same(edited: Archive) -> None:
    with more_touched(str(DAY)) as added:
        assert edited.load("sync").differences() == [], added


@pytest.mark.parametrize("seconds", [0, 0.01])
def test_a_kill_at_a_statement_leaves_a_whole_build_and_the_next_run_heals(
    world: World, tmp_path: Path, seconds: float
) -> None:
    assert kill(world, tmp_path, random.Random(f"{DAY} {seconds}").randint(1, STATEMENTS), seconds)
