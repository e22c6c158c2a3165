"""The schedule on a real server with a real worker: asserted on the server's own record of the runs.

The last tests stop and kill the schedule and start it again.
"""

import http.server
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.conftest import ROOT, GitArchive, release_path, release_text
from tests.server.conftest import (
    BEEHIVE,
    Record,
    begin_schedule,
    clean_environment,
    free_port,
    process_of_a_run,
    processes,
    secret,
    until,
)

pytestmark = pytest.mark.server


@dataclass(kw_only=True)
class Schedule(Record):
    """`beehive schedule`, running."""

    warehouse: Path
    project: Path
    archive: GitArchive
    told: list[dict[str, Any]]  # what the receiver of notifications was sent
    notify_url: str
    port: int
    process: subprocess.Popen[str] | None = None

    def begin_again(self) -> None:
        """Starts the schedule, which does not run."""
        self.process = begin_schedule(
            self.port, self.archive.path, self.warehouse, cwd=self.project, BEEHIVE_NOTIFY_URL=self.notify_url
        )

    def ended(self) -> int:
        """Waits until the schedule has ended; gives its exit code. No process is left."""
        assert self.process is not None
        code = self.process.wait(240)
        assert processes(self.warehouse) == []
        return code


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
    made = Schedule(
        api=f"http://127.0.0.1:{port}/api", warehouse=warehouse, project=project, archive=archive, told=told,
        notify_url=notify_url, port=port,
    )  # fmt: skip
    made.begin_again()
    try:
        yield made
    finally:
        if made.process and made.process.poll() is None:
            made.process.terminate()
            assert made.ended() == 0


def published(schedule: Schedule) -> tuple[str, int]:
    with duckdb.connect(str(schedule.warehouse / "beehive.duckdb"), read_only=True) as reader:
        (found,) = reader.execute("select source_state, release_count from build_info").fetchall()
    return found


def test_the_deployment_runs_hourly_and_takes_no_folder_and_no_safeguard(schedule: Schedule) -> None:
    deployment = schedule.deployment()
    assert deployment["work_pool_name"] is None
    assert set(deployment["parameter_openapi_schema"]["properties"]) == {"rebuild", "dry_run", "verify"}
    assert deployment["global_concurrency_limit"]["limit"] == 1
    assert deployment["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    assert {one["slug"]: (one["schedule"]["cron"], one["schedule"]["timezone"], one["parameters"])
            for one in deployment["schedules"]} == {
        "hourly": ("17 * * * *", "Pacific/Auckland", {}),
        "nightly": ("43 3 * * *", "Pacific/Auckland", {"verify": True}),
    }  # fmt: skip
    described = deployment["parameter_openapi_schema"]["properties"]
    assert [name for name, one in described.items() if not one.get("description")] == []
    assert [one["name"] for one in schedule.post("automations/filter", {})] == ["beehive: tell of a run that failed"]


def test_a_run_publishes_and_its_record_says_what_and_the_next_finds_nothing_new(schedule: Schedule) -> None:
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

    # Nothing new ends within seconds and says so.
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
    states = [schedule.wait(run)["state_type"] for run in missed]
    # A run that finds nothing new can end before the last of the others is due to begin.
    assert set(states) == {"CANCELLED", "COMPLETED"}
    assert states.count("COMPLETED") <= 2


def test_a_check_that_fails_fails_the_run_keeps_the_old_build_and_shows_the_rows(schedule: Schedule) -> None:
    if not (schedule.warehouse / "beehive.duckdb").exists():
        schedule.complete()
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


def test_a_parameter_that_the_flow_does_not_take_runs_nothing(schedule: Schedule, tmp_path: Path) -> None:
    wrong = {"warehouse": str(tmp_path / "other"), "source": "/etc", "allow": ["releases_gone"]}
    assert schedule.wait(schedule.begin(**wrong))["state_type"] in {"CRASHED", "FAILED"}
    assert not (tmp_path / "other").exists()


def test_a_killed_run_is_crashed_and_the_next_heals_and_verifies(schedule: Schedule) -> None:
    schedule.archive.write(release_path("2004-02-01", "killed"), release_text("Killed", "2004-02-01", "killed"))
    state = schedule.archive.commit()
    run_id = schedule.begin()
    schedule.wait(run_id, {"RUNNING"})
    os.kill(until(lambda: process_of_a_run(schedule.warehouse), 60, "a process"), signal.SIGKILL)
    assert schedule.wait(run_id)["state_type"] == "CRASHED"
    run = schedule.wait(schedule.begin(verify=True))
    assert (run["state_type"], run["name"]) == ("COMPLETED", f"refresh {state[:8]}: published, verified")
    assert "tables and views equal a rebuild from scratch" in run["state"]["message"]
    assert published(schedule)[0] == state


def test_nobody_without_the_secret_can_make_the_server_run_anything(schedule: Schedule, tmp_path: Path) -> None:
    file = schedule.warehouse / "prefect" / "secret"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    if os.geteuid() == 0:  # as another user of this machine
        other = subprocess.run(
            ["cat", str(file)], user=65534, group=65534, extra_groups=[], capture_output=True, check=False
        )
        assert (other.returncode, other.stdout) == (1, b"")

    user, _, right = secret(schedule.warehouse).partition(":")
    marker, ours = tmp_path / "marker", schedule.deployment()
    step = {"prefect.deployments.steps.run_shell_script": {"script": f"touch {marker}"}}

    def attack(**request: Any) -> list[httpx.Response]:
        """Asks for a flow, a deployment that runs a command before it, and a run of that."""

        def post(path: str, body: dict[str, Any]) -> httpx.Response:  # the server closes an idle connection
            return httpx.post(f"{schedule.api}/{path}", json=body, timeout=120, **request)

        flow = post("flows/", {"name": "attack"})
        body = {"name": "attack", "flow_id": flow.json().get("id", ours["flow_id"]), "pull_steps": [step],
                "entrypoint": "flows/refresh.py:refresh", "tags": ["beehive"]}  # fmt: skip
        deployment = post("deployments/", body)
        found = deployment.json().get("id", ours["id"])
        run = post(f"deployments/{found}/create_flow_run", {"state": {"type": "SCHEDULED"}})
        return [flow, deployment, run]

    foreign = {"Origin": "https://attacker.example"}
    for request in (
        {},
        {"headers": foreign},
        {"headers": {**foreign, "Host": "attacker.example"}},  # a name that was bound to this machine's address
        {"auth": (user, "wrong"), "headers": foreign},
    ):
        for answer in attack(**request):
            assert answer.status_code == 401
            assert answer.headers.get("access-control-allow-origin") is None
    asked = httpx.options(
        f"{schedule.api}/flows/", headers={**foreign, "Access-Control-Request-Method": "POST"}, timeout=120
    )
    assert asked.headers.get("access-control-allow-origin") is None

    events = f"ws{schedule.api.removeprefix('http')}/events/in"
    with pytest.raises(InvalidHandshake):
        connect(events, additional_headers=foreign)
    with connect(events, additional_headers=foreign, subprotocols=[Subprotocol("prefect")]) as socket:
        socket.send(json.dumps({"type": "auth", "token": f"{user}:wrong"}))
        with pytest.raises(ConnectionClosed, match="Invalid token"):
            socket.recv(timeout=60)

    # Nor does the worker run what somebody who knows the secret deploys beside it.
    answers = attack(auth=(user, right))
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    run = schedule.wait(schedule.begin())  # which is asked for later
    assert run["state_type"] == "COMPLETED"
    assert schedule.run(answers[2].json()["id"])["state_type"] == "SCHEDULED"
    assert not marker.exists()
    schedule.delete(f"deployments/{answers[1].json()['id']}")


def test_the_secret_is_in_no_log_and_no_list_of_processes(schedule: Schedule) -> None:
    password = secret(schedule.warehouse).partition(":")[2]
    for log in (schedule.warehouse / "prefect").glob("*.log"):
        assert password not in log.read_text()
    for pid in processes(schedule.warehouse):
        with suppress(OSError):  # it ended meanwhile
            assert password.encode() not in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_a_long_log_becomes_the_older_one(schedule: Schedule) -> None:
    log = schedule.warehouse / "prefect" / "worker.log"
    with log.open("ab") as file:
        file.write(b"a line\n" * 800_000)
    until(lambda: log.stat().st_size < 1_000_000, 60, "a new log")
    assert log.with_name("worker.log.1").stat().st_size > 5_000_000


def test_the_log_of_the_server_holds_no_false_alarm(schedule: Schedule) -> None:
    assert "Action failed" not in (schedule.warehouse / "prefect" / "server.log").read_text()


def test_a_schedule_whose_terminal_is_closed_leaves_nothing_running(schedule: Schedule) -> None:
    schedule.archive.write(release_path("2004-03-01", "closed"), release_text("Closed", "2004-03-01", "closed"))
    state = schedule.archive.commit()
    run_id = schedule.begin()
    schedule.wait(run_id, {"RUNNING"})
    assert schedule.process is not None
    schedule.process.send_signal(signal.SIGHUP)  # in the middle of a run
    assert schedule.ended() == 0
    known = secret(schedule.warehouse)
    # On a busy machine, the run can end before the signal comes.
    is_published = (schedule.warehouse / "beehive.duckdb").exists() and published(schedule)[0] == state

    schedule.begin_again()
    assert secret(schedule.warehouse) == known
    assert schedule.run(run_id)["state_type"] in ({"CRASHED", "COMPLETED"} if is_published else {"CRASHED"})
    schedule.complete()
    assert published(schedule)[0] == state


def test_a_schedule_that_is_killed_as_a_whole_goes_on_when_it_is_started_again(schedule: Schedule) -> None:
    assert schedule.process is not None
    schedule.process.kill()
    schedule.process.wait()
    words = ["schedule", "--port", str(free_port()), "--warehouse", str(schedule.warehouse)]
    refused = subprocess.run(
        [*BEEHIVE, *words], env=clean_environment(), capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    named = [int(pid) for pid in re.findall(r"(?:server|worker):(\d+)", refused.stderr)]
    assert set(named) <= set(processes(schedule.warehouse))

    schedule.archive.write(release_path("2004-04-01", "whole"), release_text("Whole", "2004-04-01", "whole"))
    state = schedule.archive.commit()
    run_id = schedule.begin()  # without the schedule, server and worker go on
    schedule.wait(run_id, {"RUNNING"})
    for pid in processes(schedule.warehouse):
        with suppress(ProcessLookupError):  # it may end with the one before
            os.kill(pid, signal.SIGKILL)
    until(lambda: not processes(schedule.warehouse), 60, "the end of all of them")

    schedule.begin_again()
    run = schedule.run(run_id)
    assert (run["state_type"], run["state"]["message"]) == ("CRASHED", "the Prefect server ended before the run")
    schedule.complete()
    assert published(schedule)[0] == state
    schedule.process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    schedule.process.send_signal(signal.SIGINT)  # of somebody impatient
    assert schedule.ended() == 0
