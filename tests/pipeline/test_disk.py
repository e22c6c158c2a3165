"""What readers see after a refresh on a bad disk, and what a power cut leaves of what a finished command wrote.

`tests.disk` explains how the faults are made, and tries more of them.
"""

import zipfile
from collections.abc import Iterator

import pytest

from flows.load import datapackage
from flows.load.state import read_published
from tests.disk import KINDS, Trials, compiler
from tests.pipeline.faults import World, kept_builds, parquet, published, releases_of
from tests.pipeline.test_faults import ALL, TODAY

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not compiler(), reason="the library of bad disks needs Linux and a C compiler (cc or gcc)"),
]


@pytest.fixture(scope="module")
def trials(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trials]:
    trials = Trials(tmp_path_factory.mktemp("disk"), world)
    yield trials
    trials.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_refresh_on_a_bad_disk_leaves_a_whole_build_and_the_next_run_heals(trials: Trials, kind: str) -> None:
    done = [trials.run(kind, f"fixed {number}") for number in range(6 if ALL else 1)]
    assert [trial for trial in done if trial.fault] == []


def test_a_disk_that_is_full_from_some_call_of_an_incremental_build_on_leaves_a_whole_build(trials: Trials) -> None:
    count = len(trials.calls(is_first=False))
    done = [trials.fill(at) for at in range(1 + TODAY % 40, count + 1, 10 if ALL else count // 2)]
    assert [trial for trial in done if trial.fault] == []


@pytest.mark.parametrize("with_names", [False, True])
def test_a_finished_refresh_survives_a_power_cut(world: World, trials: Trials, with_names: bool) -> None:
    warehouse = trials.lose_unsynced(world.before, "refresh", "--source", str(world.source), with_names=with_names)
    assert releases_of(warehouse) == world.expected
    assert published(warehouse) == parquet(warehouse) != world.old
    assert kept_builds(warehouse) == [world.old]
    record = read_published(warehouse)
    assert record is not None and record.begun is record.failure is None


def test_an_export_is_whole_after_a_power_cut(world: World, trials: Trials) -> None:
    folder = trials.warehouse / "export"
    trials.lose_unsynced(world.before, "export", str(folder), with_names=True)
    files = datapackage.list_files(folder)
    assert files is not None and len(files) > 80
    assert [name for name in files if not (folder / name).stat().st_size] == []


def test_a_report_and_a_bundle_are_whole_after_a_power_cut(world: World, trials: Trials) -> None:
    trials.lose_unsynced(world.before, "report", with_names=True)
    assert (trials.warehouse / "report.html").read_bytes().rstrip().endswith(b"</html>")
    trials.lose_unsynced(world.before, "superset", with_names=True)
    assert zipfile.is_zipfile(trials.warehouse / "superset.zip")
