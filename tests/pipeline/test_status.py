"""The status of a warehouse: healthy only if the published build is what archive, seeds and code would give now."""

import fcntl
import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.errors import Unusable
from flows.load import state
from flows.load.lock import writer_lock
from flows.serve.status import read_status
from flows.settings import Settings
from tests.conftest import FirstBuild, GitArchive, Refresh


@pytest.fixture
def warehouse(sample: Settings, tmp_path: Path) -> Path:
    """A warehouse that holds the sample."""
    return Path(shutil.copytree(sample.warehouse, tmp_path / "warehouse", symlinks=True))


def note(warehouse: Path, **values: Any) -> None:
    record = warehouse / "published.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | values))


def test_a_build_of_the_present_state_is_healthy(warehouse: Path) -> None:
    status = read_status(Settings(warehouse=warehouse))
    assert (status.state, status.problems) == ("healthy", [])


LATER = (datetime.now(UTC) + timedelta(hours=30)).isoformat()
LONG_AGO = (datetime.now(UTC) - timedelta(hours=30)).isoformat()


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"inputs_digest": "of before"}, "seeds, SQL, code or libraries have changed"),
        ({"failure": "refused: Too many texts became empty"}, "the last run refused: Too many texts"),
        ({"begun": "0123456789abcdef"}, "a refresh to 0123456789ab was killed"),
        ({"checked_at": LONG_AGO}, "last checked 30 hours ago"),
        ({"checked_at": LATER}, "which is in the future: check the clock"),
        ({"measures": {"exact_days": {"all years": 1_000_000}}}, " of 1,000,000 exact days are gone"),
        ({"withdrawn": [{"build_id": "29990101T000000Z-a", "source_state": "a"}]}, "29990101T000000Z-a was withdrawn"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_build_that_may_not_be_the_newest_is_degraded(warehouse: Path, values: dict[str, Any], problem: str) -> None:
    note(warehouse, **values)
    status = read_status(Settings(warehouse=warehouse))
    assert status.state == "degraded"
    (found,) = status.problems
    assert problem in found


def test_a_refresh_that_still_runs_is_no_problem(warehouse: Path) -> None:
    note(warehouse, begun="0123456789abcdef")
    with writer_lock(warehouse):
        assert read_status(Settings(warehouse=warehouse)).state == "healthy"
    # Killed, and another process has its number.
    (warehouse / "writer.txt").write_text(f"process {os.getpid()} since 2026-11-27 10:00:00 UTC\n")
    assert read_status(Settings(warehouse=warehouse)).state == "degraded"


def test_a_schedule_that_died_is_a_problem_and_one_that_runs_or_was_stopped_is_none(warehouse: Path) -> None:
    (warehouse / "prefect").mkdir()
    with (warehouse / "prefect" / "schedule.lock").open("w+") as lock:
        assert read_status(Settings(warehouse=warehouse)).state == "healthy"
        lock.write("schedule:1\n")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert read_status(Settings(warehouse=warehouse)).state == "healthy"
    status = read_status(Settings(warehouse=warehouse))
    assert (status.state, len(status.problems)) == ("degraded", 1)
    assert "has died" in status.problems[0]


def test_a_name_that_waits_longer_than_allowed_is_a_problem(warehouse: Path) -> None:
    assert read_status(Settings(warehouse=warehouse)).build["name_to_review_count"] > 0
    status = read_status(Settings(warehouse=warehouse, review_within_days=1))
    assert status.state == "degraded"
    assert "names have awaited review for more than 1 days" in status.problems[0]


def test_a_seed_that_cannot_be_read_is_a_problem(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "missing.csv").symlink_to("nowhere")
    monkeypatch.setattr(state, "SEEDS", tmp_path)
    monkeypatch.setattr(state, "RESOURCES", Path("/"))
    status = read_status(Settings(warehouse=warehouse))
    assert status.state == "degraded"
    assert "missing.csv cannot be used (No such file or directory)" in status.problems[0]


def test_a_failed_run_is_a_problem_also_if_it_could_not_be_recorded(
    archive: GitArchive, first_build: FirstBuild, run: Refresh, tmp_path: Path
) -> None:
    first_build(tmp_path / "warehouse")
    (tmp_path / "warehouse" / "published.json.new").mkdir()
    with pytest.raises(Unusable):
        run(archive.path)
    (problem,) = read_status(Settings(warehouse=tmp_path / "warehouse")).problems
    assert "the last run failed: " in problem
    assert "published.json.new is a folder" in problem
    (tmp_path / "warehouse" / "published.json.new").rmdir()
    run(archive.path)
    assert read_status(Settings(warehouse=tmp_path / "warehouse")).state == "healthy"


def test_a_file_that_no_refresh_published_is_failing(warehouse: Path) -> None:
    os.utime(warehouse / "beehive.duckdb", (1, 1))
    assert read_status(Settings(warehouse=warehouse)).state == "failing"


@pytest.mark.parametrize(
    "name", ["core/fact_release/*.parquet", "core/dim_date.parquet", "datapackage.json", "croissant.json"]
)
def test_a_parquet_file_that_was_cut_is_failing(warehouse: Path, name: str) -> None:
    file = next((warehouse / "parquet").glob(name))
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:100])
    assert read_status(Settings(warehouse=warehouse)).state == "failing"
    file.unlink()
    assert read_status(Settings(warehouse=warehouse)).state == "failing"


@pytest.mark.slow
def test_a_dry_run_does_not_hide_that_the_last_run_failed(
    archive: GitArchive, first_build: FirstBuild, run: Refresh, tmp_path: Path
) -> None:
    first_build(tmp_path / "warehouse")
    with pytest.raises(Unusable):
        run(tmp_path / "missing")
    archive.commit("a new state")
    assert run(archive.path, dry_run=True).status == "dry_run"
    (problem,) = read_status(Settings(warehouse=tmp_path / "warehouse")).problems
    assert "the last run failed" in problem
    run(archive.path)
    assert read_status(Settings(warehouse=tmp_path / "warehouse")).state == "healthy"
