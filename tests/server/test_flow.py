"""The flow on a real Prefect server: asserted on the server's own record of it."""

import os
import subprocess
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from tests.conftest import ROOT, GitArchive, release_path, release_text
from tests.server.conftest import BEEHIVE

pytestmark = pytest.mark.server


def post(server: dict[str, str], path: str, body: dict[str, object]) -> list[dict[str, object]]:
    answer = httpx.post(f"{server['PREFECT_API_URL']}/{path}", json=body, timeout=120)
    answer.raise_for_status()
    return answer.json()


def refresh(server: dict[str, str], source: Path, warehouse: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*BEEHIVE, "refresh", "--source", str(source), "--warehouse", str(warehouse)],
        env=server, capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip


def runs_of(server: dict[str, str], warehouse: Path) -> list[dict[str, object]]:
    found = post(server, "flow_runs/filter", {"sort": "START_TIME_ASC"})
    return [run for run in found if run["parameters"].get("warehouse") == str(warehouse)]  # type: ignore[attr-defined]


def test_a_refresh_is_a_flow_run_with_a_task_a_stage_and_a_summary(
    server: dict[str, str], archive: GitArchive, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    done = refresh(server, archive.path, warehouse)
    assert done.returncode == 0, done.stderr
    assert "running as a flow of the Prefect server" in done.stderr

    (run,) = runs_of(server, warehouse)
    assert run["state_type"] == "COMPLETED"
    assert run["name"] == f"refresh {archive.git('rev-parse', 'HEAD')[:8]}: published"
    tasks = post(
        server, "task_runs/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}, "sort": "EXPECTED_START_TIME_ASC"}
    )
    assert [str(task["name"]).partition("-")[0] for task in tasks] == [
        "extract", "parse", "normalise", "load", "check", "publish",
    ]  # fmt: skip
    assert {task["state_type"] for task in tasks} == {"COMPLETED"}
    retried = {str(task["name"]).partition("-")[0]: task["empirical_policy"]["retries"] for task in tasks}  # type: ignore[index]
    assert retried == {"extract": 3, "parse": 0, "normalise": 0, "load": 0, "check": 0, "publish": 0}

    found = post(server, "artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}})
    artifacts = {str(artifact["key"]): artifact for artifact in found}
    assert "| releases | 12 |" in str(artifacts["refresh-summary"]["data"])
    logs = post(server, "logs/filter", {"logs": {"flow_run_id": {"any_": [run["id"]]}}, "limit": 200})
    assert any("extract: 12 files" in str(entry["message"]) for entry in logs)


def test_the_flow_and_the_plain_sequence_publish_the_same(
    server: dict[str, str], archive: GitArchive, tmp_path: Path
) -> None:
    from tests.pipeline.test_refresh import contents

    assert refresh(server, archive.path, tmp_path / "flow").returncode == 0
    plain = {key: value for key, value in server.items() if key != "PREFECT_API_URL"}
    assert refresh(plain, archive.path, tmp_path / "plain").returncode == 0
    assert runs_of(server, tmp_path / "plain") == []
    assert contents(tmp_path / "flow") == contents(tmp_path / "plain")


def test_nothing_new_completes_after_a_look_at_the_source(
    server: dict[str, str], archive: GitArchive, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    assert refresh(server, archive.path, warehouse).returncode == 0
    again = refresh(server, archive.path, warehouse)
    assert (again.returncode, again.stdout.startswith("Nothing new")) == (0, True)
    second = runs_of(server, warehouse)[1]
    assert second["state_type"] == "COMPLETED"
    (task,) = post(server, "task_runs/filter", {"flow_runs": {"id": {"any_": [second["id"]]}}})
    assert str(task["name"]).startswith("extract")


def test_a_refused_refresh_is_a_failed_run_and_a_sentence(
    server: dict[str, str], archive: GitArchive, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    assert refresh(server, archive.path, warehouse).returncode == 0
    for month in range(1, 8):
        (archive.path / release_path(f"2003-{month:02}-17", f"release-{month}")).unlink()
    archive.commit()
    done = refresh(server, archive.path, warehouse)
    assert done.returncode == 1
    assert "--allow releases_gone" in done.stderr
    failed = runs_of(server, warehouse)[1]
    assert UUID(str(failed["id"]))
    assert failed["state_type"] == "FAILED"
    assert "Seen: 7 of 12 (all years)" in str(failed["state"])


def test_a_server_that_does_not_answer_is_done_without(archive: GitArchive, tmp_path: Path) -> None:
    archive.write(release_path("2004-01-01", "new"), release_text("New", "2004-01-01", "new"))
    archive.commit()
    nowhere = {**os.environ, "PREFECT_API_URL": "http://127.0.0.1:9/api"}
    done = refresh(nowhere, archive.path, tmp_path / "warehouse")
    assert done.returncode == 0, done.stderr
    assert "does not answer: running in this process" in done.stderr
