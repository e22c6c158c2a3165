"""A shared server: what is set up on it, and what becomes of runs whose worker is killed, by its own record."""

import os
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from tests.conftest import ROOT, GitArchive, release_path, release_text
from tests.server.conftest import BEEHIVE, Record, clean_environment, processes, until, worker

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


def shorten(record: Record, name: str, seconds: int) -> None:
    """Makes an automation wait less: 90 seconds or five minutes are long, and a worker that starts puts them back."""
    (found,) = [one for one in record.post("automations/filter", {}) if one["name"] == name]
    kept = ("name", "description", "enabled", "tags", "trigger", "actions", "actions_on_trigger", "actions_on_resolve")
    record.put(f"automations/{found['id']}", {key: found[key] for key in kept} | {
        "trigger": found["trigger"] | {"within": seconds},
    })  # fmt: skip


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
    deployment, automations = record.deployment(), record.post("automations/filter", {})
    return {
        "deployment": deployment["id"],
        "schedules": sorted((one["slug"], one["active"], one["id"]) for one in deployment["schedules"]),
        "automations": sorted((one["name"], one["id"], one["updated"], one["trigger"]["id"]) for one in automations),
    }


def test_setting_up_again_changes_nothing_but_who_is_told(
    record: Record, server: dict[str, str], tmp_path: Path
) -> None:
    record.set_schedules(hourly={"active": True})
    before = what_is_there(record)
    assert before["schedules"][-1][:2] == ("nightly", False)
    assert len(before["automations"]) == 2
    assert [one["trigger"]["within"] for one in record.post("automations/filter", {"sort": "NAME_ASC"})] == [300, 90]

    told = {**server, "BEEHIVE_NOTIFY_URL": "http://127.0.0.1:9/notify"}
    assert schedule(told, "--set-up", "--warehouse", str(tmp_path)).returncode == 0
    after = what_is_there(record)
    (added,) = [one for one in after["automations"] if one not in before["automations"]]
    assert added[0] == "beehive: tell of a run that failed"
    after["automations"].remove(added)
    assert after == before

    assert schedule(server, "--set-up", "--warehouse", str(tmp_path)).returncode == 0
    assert what_is_there(record) == before
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
    nowhere = {
        **clean_environment(), "PREFECT_HOME": str(tmp_path), "PREFECT_API_URL": "http://me:s3cret@127.0.0.1:9/api",
    }  # fmt: skip
    done = schedule(nowhere, *words, "--warehouse", str(tmp_path / "warehouse"))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("beehive: http://127.0.0.1:9/api does not answer: start or change that Prefect")
    assert "s3cret" not in done.stderr
    assert not (tmp_path / "warehouse").exists()


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


def test_a_folder_that_cannot_be_used_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "warehouse").mkdir()
    (tmp_path / "warehouse" / "prefect").write_text("a file")
    environment = {**clean_environment(), "PREFECT_HOME": str(tmp_path / "prefect")}
    done = schedule(environment, "--warehouse", str(tmp_path / "warehouse"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "The schedule cannot use the folder" in done.stderr
    assert "--warehouse" in done.stderr


def test_runs_whose_worker_is_killed_are_crashed_and_the_next_publishes(
    record: Record, server: dict[str, str], archive: GitArchive, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    environment = {**server, "BEEHIVE_SOURCE": str(archive.path), "BEEHIVE_WAREHOUSE": str(warehouse)}
    with worker(environment):
        ended = [record.wait(record.begin())["id"] for _ in range(2)]
        archive.write(release_path("2004-01-01", "one-more"), release_text("One more", "2004-01-01", "one-more"))
        archive.commit()
        shorten(record, "beehive: a run that went silent has crashed", 15)
        run_id = record.begin()
        record.wait(run_id, {"RUNNING"})
        kill(sorted(processes(warehouse)))  # the worker before its run: it would tell
    assert record.run(run_id)["state_type"] == "RUNNING"
    run = record.wait(run_id, seconds=60)
    assert (run["state_type"], run["state"]["message"]) == (
        "CRASHED", "no heartbeat for 90 seconds: process and worker have ended",
    )  # fmt: skip

    with worker(environment):
        shorten(record, "beehive: a run that never began has crashed", 10)
        run_id = record.begin()
        record.wait(run_id, {"PENDING"})
        kill(sorted(processes(warehouse)))
    assert record.run(run_id)["state_type"] == "PENDING"
    run = record.wait(run_id, seconds=60)
    assert (run["state_type"], run["state"]["message"]) == (
        "CRASHED", "did not start within 300 seconds: the worker has ended",
    )  # fmt: skip
    assert "RUNNING" not in {one["type"] for one in record.get("flow_run_states/", flow_run_id=run_id)}

    with worker(environment) as last:
        record.complete()
        last.terminate()
        assert last.wait(60) == 0
    assert published(warehouse) == archive.git("rev-parse", "HEAD")
    assert [record.run(one)["state_name"] for one in ended] == ["Completed", "NothingNew"]  # silent, too
    until(lambda: not processes(warehouse), 60, "the end of all of them")
