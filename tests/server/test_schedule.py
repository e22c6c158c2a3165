"""The schedule on a real server with a real worker: asserted on the server's own record of the runs."""

import http.server
import json
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import ROOT, GitArchive, release_path, release_text
from tests.server.conftest import Record, begin_schedule, free_port, processes, until

pytestmark = pytest.mark.server


@dataclass
class Schedule(Record):
    """`beehive schedule`, running."""

    warehouse: Path
    project: Path
    archive: GitArchive
    told: list[dict[str, Any]]  # what the receiver of notifications was sent


@pytest.fixture(scope="module")
def receiver() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A local receiver of notifications; gives its address and what it was sent."""
    told: list[dict[str, Any]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}/notify", told
        listening.shutdown()


@pytest.fixture(scope="module")
def schedule(
    tmp_path_factory: pytest.TempPathFactory, receiver: tuple[str, list[dict[str, Any]]]
) -> Iterator[Schedule]:
    folder, port = tmp_path_factory.mktemp("schedule"), free_port()
    archive = GitArchive(folder / "archive")
    for month in range(1, 13):
        slug = f"release-{month}"
        archive.write(release_path(f"2003-{month:02}-17", slug), release_text(slug, f"2003-{month:02}-17", slug))
    archive.commit()
    notify_url, told = receiver
    project = folder / "project"  # of its own, so that a test can add to the SQL and the code
    shutil.copytree(ROOT, project, ignore=shutil.ignore_patterns(".*", "warehouse"))
    warehouse = folder / "warehouse"
    process = begin_schedule(port, archive.path, warehouse, cwd=project, BEEHIVE_NOTIFY_URL=notify_url)
    try:
        yield Schedule(f"http://127.0.0.1:{port}/api", warehouse, project, archive, told)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(90) == 0
        assert processes(warehouse) == []


def published(schedule: Schedule) -> tuple[str, int]:
    with duckdb.connect(str(schedule.warehouse / "beehive.duckdb"), read_only=True) as reader:
        (found,) = reader.execute("select source_state, release_count from build_info").fetchall()
    return found


def test_the_deployment_is_as_prefect_yaml_says(schedule: Schedule) -> None:
    deployment = schedule.deployment()
    assert deployment["global_concurrency_limit"]["limit"] == 1
    assert deployment["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    assert {one["slug"]: (one["schedule"]["cron"], one["schedule"]["timezone"], one["parameters"])
            for one in deployment["schedules"]} == {
        "hourly": ("17 * * * *", "Pacific/Auckland", {}),
        "nightly": ("43 3 * * *", "Pacific/Auckland", {"verify": True}),
    }  # fmt: skip
    described = deployment["parameter_openapi_schema"]["properties"]
    assert [name for name, one in described.items() if not one.get("description")] == []
    names = [one["name"] for one in schedule.post("automations/filter", {})]
    assert len(names) == len(set(names)) == 3


def test_a_run_publishes_and_its_record_says_what(schedule: Schedule) -> None:
    run = schedule.wait(schedule.begin())
    assert (run["state_type"], run["name"]) == ("COMPLETED", f"refresh {published(schedule)[0][:8]}: published")
    artifacts = schedule.artifacts(run["id"])
    assert {"refresh-summary", "refresh-stages", "refresh-progress", "beehive-warehouse", "beehive-parquet"} <= set(
        artifacts
    )
    assert "| releases | 12 |" in artifacts["refresh-summary"]["data"]
    stages = json.loads(artifacts["refresh-stages"]["data"])
    assert [one["stage"] for one in stages] == ["extract", "parse", "normalise", "load", "check", "publish"]
    assert "12 releases" in stages[3]["result"]


def test_nothing_new_ends_within_seconds_and_says_so(schedule: Schedule) -> None:
    schedule.wait(schedule.begin())
    run = schedule.wait(schedule.begin())
    assert (run["state_name"], run["state_type"]) == ("NothingNew", "COMPLETED")
    assert run["state"]["message"].startswith("Nothing new")
    assert run["total_run_time"] < 10


def test_of_runs_that_are_due_at_once_one_runs_and_the_others_are_cancelled(schedule: Schedule) -> None:
    schedule.archive.write(release_path("2004-01-01", "one-more"), release_text("One more", "2004-01-01", "one-more"))
    state = schedule.archive.commit()
    runs = [schedule.wait(run) for run in [schedule.begin() for _ in range(4)]]
    assert sorted(run["state_type"] for run in runs) == ["CANCELLED"] * 3 + ["COMPLETED"]
    assert published(schedule) == (state, 13)


def test_a_backlog_of_missed_runs_is_one_run(schedule: Schedule) -> None:
    body = {"state": {"type": "SCHEDULED", "state_details": {"scheduled_time": "2026-01-01T00:00:00Z"}}}
    missed = [schedule.post(f"deployments/{schedule.deployment()['id']}/create_flow_run", body)["id"] for _ in range(5)]
    states = sorted(schedule.wait(run)["state_type"] for run in missed)
    assert states == ["CANCELLED"] * 4 + ["COMPLETED"]


def test_a_check_that_fails_fails_the_run_keeps_the_old_build_and_shows_the_rows(schedule: Schedule) -> None:
    schedule.wait(schedule.begin())
    before = published(schedule)
    wrong = schedule.project / "sql" / "checks" / "no_release_of_march.sql"
    wrong.write_text(
        "-- description: No release is of March.\n-- severity: fail\n"
        "select release_id from core.fact_release where month(nz_date) = 3\n"
    )
    try:
        run = schedule.wait(schedule.begin())
    finally:
        wrong.unlink()
    assert run["state_type"] == "FAILED"
    assert "no_release_of_march" in run["state"]["message"]
    assert published(schedule) == before
    rows = json.loads(schedule.artifacts(run["id"])["refresh-failed-checks"]["data"])
    assert [(row["check"], "release-3" in row["first rows"]) for row in rows] == [("no_release_of_march", True)]
    until(lambda: any("no_release_of_march" in one["text"] for one in schedule.told), 60, "the notification")


def test_an_archive_that_does_not_answer_is_asked_again_later(schedule: Schedule, tmp_path: Path) -> None:
    run_id = schedule.begin(source=f"https://127.0.0.1:{free_port()}/archive.git", warehouse=str(tmp_path / "other"))
    found = until(
        lambda: [
            one
            for one in schedule.post("task_runs/filter", {"flow_runs": {"id": {"any_": [run_id]}}})
            if one["state_name"] == "AwaitingRetry"
        ],
        60,
        "a retry",
    )
    assert str(found[0]["name"]).startswith("extract")
    schedule.post(f"flow_runs/{run_id}/set_state", {"state": {"type": "CANCELLING"}, "force": True})
    assert schedule.wait(run_id)["state_type"] == "CANCELLED"


def test_what_does_not_pass_by_itself_is_not_tried_again(schedule: Schedule) -> None:
    run = schedule.wait(schedule.begin(ref="nowhere"))
    assert (run["state_type"], "nowhere" in run["state"]["message"]) == ("FAILED", True)
    (task,) = schedule.post("task_runs/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}})
    assert (str(task["name"]).partition("-")[0], task["run_count"]) == ("extract", 1)


def test_a_run_that_verifies_says_so(schedule: Schedule) -> None:
    run = schedule.wait(schedule.begin(verify=True))
    assert run["state_type"] == "COMPLETED"
    assert "tables and views equal a rebuild from scratch" in run["state"]["message"]
    assert run["name"].endswith(", verified")


def test_a_killed_run_is_crashed_and_the_next_heals(schedule: Schedule) -> None:
    schedule.archive.write(release_path("2004-02-01", "killed"), release_text("Killed", "2004-02-01", "killed"))
    state = schedule.archive.commit()
    run_id = schedule.begin()
    schedule.wait(run_id, {"RUNNING"})
    pid = until(lambda: schedule.run(run_id)["infrastructure_pid"], 30, "a process")
    os.kill(int(str(pid).rpartition(":")[2]), signal.SIGKILL)
    assert schedule.wait(run_id)["state_type"] == "CRASHED"
    assert schedule.wait(schedule.begin())["state_type"] == "COMPLETED"
    assert published(schedule)[0] == state
