"""What becomes of runs whose worker, or everything, is killed: asserted on the server's own record."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from tests.conftest import ROOT, GitArchive, release_path, release_text
from tests.server.conftest import (
    BEEHIVE,
    Record,
    begin_schedule,
    clean_environment,
    free_port,
    processes,
    until,
    worker,
)

pytestmark = pytest.mark.server


def schedule(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*BEEHIVE, "schedule", *words], env=environment, capture_output=True, text=True, check=False, cwd=ROOT
    )


def published(warehouse: Path) -> str:
    with duckdb.connect(str(warehouse / "beehive.duckdb"), read_only=True) as reader:
        ((state,),) = reader.execute("select source_state from build_info").fetchall()
    return str(state)


def kill(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):  # it may end with the one before
            os.kill(pid, signal.SIGKILL)


def put_automations(server: dict[str, str], arguments: str = "") -> None:
    subprocess.run(
        [sys.executable, "-c", "from datetime import timedelta; from flows.schedule import automations; "
         f"automations.put_on_server({arguments})"],
        env=server, check=True, cwd=ROOT,
    )  # fmt: skip


@pytest.fixture(scope="module")
def record(server: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Record:
    """The record of the server, set up as for workers elsewhere."""
    done = schedule(server, "--set-up", "--warehouse", str(tmp_path_factory.mktemp("set-up")))
    assert done.returncode == 0, done.stderr
    found = Record(server["PREFECT_API_URL"])
    found.set_schedules()
    return found


def what_is_there(record: Record) -> dict[str, Any]:
    """Everything that `--set-up` puts on a server."""
    pool = httpx.get(f"{record.api}/work_pools/beehive", timeout=30).json()
    deployment, automations = record.deployment(), record.post("automations/filter", {})
    return {
        "pool": {key: pool[key] for key in ("id", "type", "is_paused", "concurrency_limit", "base_job_template")},
        "deployment": deployment["id"],
        "schedules": sorted((one["slug"], one["active"], one["id"]) for one in deployment["schedules"]),
        "automations": sorted((one["name"], one["id"], one["updated"], one["trigger"]["id"]) for one in automations),
    }


def test_setting_up_again_changes_nothing(record: Record, server: dict[str, str], tmp_path: Path) -> None:
    httpx.patch(f"{record.api}/work_pools/beehive", json={"concurrency_limit": 3}, timeout=30).raise_for_status()
    record.set_schedules(hourly={"active": True})
    before = what_is_there(record)
    done = schedule(server, "--set-up", "--warehouse", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert what_is_there(record) == before
    assert before["schedules"][-1][:2] == ("nightly", False)
    assert len(before["automations"]) == 2
    assert [one["trigger"]["within"] for one in record.post("automations/filter", {"sort": "NAME_ASC"})] == [300, 90]
    record.set_schedules()


def test_setting_up_without_a_server_is_a_sentence(tmp_path: Path) -> None:
    environment = {**clean_environment(), "PREFECT_HOME": str(tmp_path)}
    done = schedule(environment, "--set-up", "--warehouse", str(tmp_path / "warehouse"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("beehive: No Prefect server is configured: set PREFECT_API_URL")


@pytest.mark.parametrize("words", [("--set-up",), ()])
def test_a_configured_server_that_does_not_answer_is_a_sentence_and_no_other_is_started(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    nowhere = {**clean_environment(), "PREFECT_HOME": str(tmp_path), "PREFECT_API_URL": "http://127.0.0.1:9/api"}
    done = schedule(nowhere, *words, "--warehouse", str(tmp_path / "warehouse"))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("beehive: http://127.0.0.1:9/api does not answer: start that Prefect server")
    assert not (tmp_path / "warehouse").exists()


def test_without_an_address_nobody_is_told_any_more(record: Record, server: dict[str, str], tmp_path: Path) -> None:
    for address, count in (({"BEEHIVE_NOTIFY_URL": "http://127.0.0.1:9/notify"}, 1), ({}, 0)):
        assert schedule({**server, **address}, "--set-up", "--warehouse", str(tmp_path)).returncode == 0
        names = [one["name"] for one in record.post("automations/filter", {})]
        assert names.count("beehive: tell of a run that failed") == count


def test_a_taken_port_is_a_sentence(server: dict[str, str], tmp_path: Path) -> None:
    environment = {**clean_environment(), "PREFECT_HOME": str(tmp_path / "prefect")}
    with socket.create_server(("127.0.0.1", 0)) as taken:
        theirs = taken.getsockname()[1]
        of_prefect = httpx.URL(server["PREFECT_API_URL"]).port
        for port in (theirs, of_prefect):
            done = schedule(environment, "--port", str(port), "--warehouse", str(tmp_path / "warehouse"))
            assert (done.returncode, done.stderr.count("\n")) == (2, 1)
            assert "--port" in done.stderr
    assert processes(tmp_path / "warehouse") == []


def test_a_run_that_is_killed_with_its_worker_is_crashed_and_the_next_publishes(
    record: Record, server: dict[str, str], archive: GitArchive, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    environment = {**server, "BEEHIVE_SOURCE": str(archive.path), "BEEHIVE_WAREHOUSE": str(warehouse)}
    with worker(environment, tmp_path / "worker.log") as first:
        ended = [record.wait(record.begin())["id"] for _ in range(2)]
        archive.write(release_path("2004-01-01", "one-more"), release_text("One more", "2004-01-01", "one-more"))
        archive.commit()
        run_id = record.begin()
        record.wait(run_id, {"RUNNING"})
        kill([first.pid, *processes(warehouse)])  # the worker first: it would tell
    assert record.run(run_id)["state_type"] == "RUNNING"
    run = record.wait(run_id, seconds=90 + 60)
    assert (run["state_type"], run["state"]["message"]) == (
        "CRASHED", "no heartbeat for 90 seconds: process and worker have ended",
    )  # fmt: skip
    assert [record.run(one)["state_name"] for one in ended] == ["Completed", "NothingNew"]  # silent, too
    with worker(environment, tmp_path / "worker.log"):
        record.complete()
    assert published(warehouse) == archive.git("rev-parse", "HEAD")


def test_a_run_whose_worker_dies_while_it_starts_it_is_crashed_and_the_next_publishes(
    record: Record, server: dict[str, str], archive: GitArchive, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    environment = {**server, "BEEHIVE_SOURCE": str(archive.path), "BEEHIVE_WAREHOUSE": str(warehouse)}
    put_automations(server, "start_timeout=timedelta(seconds=10)")
    try:
        with worker(environment, tmp_path / "worker.log") as first:
            run_id = record.begin()
            record.wait(run_id, {"PENDING"})
            kill([first.pid, *processes(warehouse)])
        assert record.run(run_id)["state_type"] == "PENDING"
        run = record.wait(run_id, seconds=60)
        assert (run["state_type"], run["state"]["message"]) == (
            "CRASHED", "did not start within 10 seconds: the worker has ended",
        )  # fmt: skip
        states = httpx.get(f"{record.api}/flow_run_states/", params={"flow_run_id": run_id}, timeout=120).json()
        assert "RUNNING" not in {one["type"] for one in states}
    finally:
        put_automations(server)
    with worker(environment, tmp_path / "worker.log"):
        record.complete()
    assert published(warehouse) == archive.git("rev-parse", "HEAD")


def test_a_schedule_that_is_killed_as_a_whole_goes_on_when_it_is_started_again(
    archive: GitArchive, tmp_path: Path
) -> None:
    warehouse, port = tmp_path / "warehouse", free_port()
    record = Record(f"http://127.0.0.1:{port}/api")
    first = begin_schedule(port, archive.path, warehouse)
    first.kill()
    first.wait()
    refused = schedule(clean_environment(), "--port", str(free_port()), "--warehouse", str(warehouse))
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    named = [int(pid) for pid in re.findall(r"(?:server|worker):(\d+)", refused.stderr)]
    assert sorted(named) == sorted(processes(warehouse))

    run_id = record.begin()  # without the schedule, server and worker go on
    record.wait(run_id, {"RUNNING"})
    kill(processes(warehouse))
    until(lambda: not processes(warehouse), 10, "the end of all of them")

    second = begin_schedule(port, archive.path, warehouse)
    run = record.run(run_id)
    assert (run["state_type"], run["state"]["message"]) == ("CRASHED", "the Prefect server ended before the run")
    record.complete()
    assert published(warehouse) == archive.git("rev-parse", "HEAD")

    archive.write(release_path("2004-01-01", "one-more"), release_text("One more", "2004-01-01", "one-more"))
    state = archive.commit()
    record.wait(record.begin(), {"RUNNING"})
    second.send_signal(signal.SIGTERM)  # in the middle of a run
    assert second.wait(90) == 0
    assert processes(warehouse) == []

    third = begin_schedule(port, archive.path, warehouse)
    record.complete()
    assert published(warehouse) == state
    third.send_signal(signal.SIGINT)
    time.sleep(0.5)
    third.send_signal(signal.SIGINT)  # of somebody impatient
    assert third.wait(90) == 0
    assert processes(warehouse) == []
