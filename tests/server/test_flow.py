"""The flow on a real Prefect server, asserted on the server's own record of it; and servers that are of no use."""

import http.server
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import httpx
import pytest

from tests.conftest import ROOT, FirstBuild, GitArchive, Postgresql, release_path
from tests.server.conftest import BEEHIVE, Record, clean_environment, free_port, until

pytestmark = pytest.mark.server


def refresh(
    environment: dict[str, str], source: Path | str, warehouse: Path, *words: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*BEEHIVE, "refresh", "--source", str(source), "--warehouse", str(warehouse), *words],
        env=environment, capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip


@pytest.fixture(scope="module")
def record(server: dict[str, str]) -> Record:
    return Record(server["PREFECT_API_URL"])


@contextmanager
def one_run(record: Record) -> Iterator[dict[str, Any]]:
    """Gives the run that is made meanwhile, once it is over."""
    before = {run["id"] for run in record.post("flow_runs/filter", {})}
    run: dict[str, Any] = {}
    yield run
    (made,) = [one for one in record.post("flow_runs/filter", {}) if one["id"] not in before]
    run.update(made)


def tasks_of(record: Record, run: dict[str, Any]) -> list[dict[str, Any]]:
    asked = {"flow_runs": {"id": {"any_": [run["id"]]}}, "sort": "EXPECTED_START_TIME_ASC"}
    return record.post("task_runs/filter", asked)


def published(warehouse: Path) -> str:
    with duckdb.connect(str(warehouse / "beehive.duckdb"), read_only=True) as reader:
        ((state,),) = reader.execute("select source_state from build_info").fetchall()
    return str(state)


def test_a_refresh_is_a_flow_run_with_a_task_a_stage_and_a_summary(
    server: dict[str, str], record: Record, archive: GitArchive, first_build: FirstBuild, tmp_path: Path
) -> None:
    from tests.pipeline.test_refresh import contents

    warehouse = tmp_path / "warehouse"
    with one_run(record) as run:
        done = refresh(server, archive.path, warehouse)
    assert done.returncode == 0, done.stderr
    assert "running as a flow of the Prefect server" in done.stderr
    assert run["state_type"] == "COMPLETED"
    assert run["name"] == f"refresh {archive.git('rev-parse', 'HEAD')[:8]}: published"
    assert run["parameters"] == {"rebuild": False, "dry_run": False, "verify": False}
    tasks = tasks_of(record, run)
    stages = ["extract", "parse", "normalise", "load", "check", "publish"]
    assert [str(task["name"]).partition("-")[0] for task in tasks] == stages
    assert {task["state_type"] for task in tasks} == {"COMPLETED"}
    assert [task["empirical_policy"]["retries"] for task in tasks] == [3, 0, 0, 0, 0, 0]

    found = record.post("artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}})
    artifacts = {str(artifact["key"]): artifact for artifact in found}
    assert "| releases | 12 |" in str(artifacts["refresh-summary"]["data"])
    logs = record.post("logs/filter", {"logs": {"flow_run_id": {"any_": [run["id"]]}}, "limit": 200})
    assert any("extract: 12 files" in str(entry["message"]) for entry in logs)

    # The plain sequence publishes the same, and the server hears nothing of it.
    before = len(record.post("flow_runs/filter", {}))
    first_build(tmp_path / "plain")
    plain = {key: value for key, value in server.items() if key != "PREFECT_API_URL"}
    assert refresh(plain, archive.path, tmp_path / "plain").returncode == 0
    assert len(record.post("flow_runs/filter", {})) == before
    assert contents(warehouse) == contents(tmp_path / "plain")

    # Nothing new completes after a look at the source.
    with one_run(record) as run:
        again = refresh(server, archive.path, warehouse)
    assert (again.returncode, again.stdout.startswith("Nothing new")) == (0, True)
    assert run["state_type"] == "COMPLETED"
    (task,) = tasks_of(record, run)
    assert str(task["name"]).startswith("extract")

    # A refusal is a failed run and a sentence.
    for month in range(1, 8):
        (archive.path / release_path(f"2003-{month:02}-17", f"release-{month}")).unlink()
    archive.commit()
    with one_run(record) as run:
        done = refresh(server, archive.path, warehouse)
    assert done.returncode == 1
    assert "--allow releases_gone" in done.stderr
    assert UUID(str(run["id"]))
    assert run["state_type"] == "FAILED"
    assert "Seen: 7 of 12 (all years)" in str(run["state"])


@pytest.mark.clients
def test_a_push_is_a_task_that_is_tried_again_and_nothing_shows_the_password(
    server: dict[str, str], record: Record, archive: GitArchive, first_build: FirstBuild, postgresql: Postgresql,
    tmp_path: Path,
) -> None:  # fmt: skip
    warehouse = tmp_path / "warehouse"
    first_build(warehouse)
    postgresql.ask("create database flow")
    postgresql.stop()

    def start_after_one_attempt() -> None:
        until(
            lambda: [one for one in record.post("task_runs/filter", {}) if one["state_name"] == "AwaitingRetry"],
            120,
            "the push was not tried",
        )
        postgresql.start()

    restart = threading.Thread(target=start_after_one_attempt)
    restart.start()
    try:
        with one_run(record) as run:
            done = refresh(server | {"BEEHIVE_PUSH_URL": postgresql.address("flow")}, archive.path, warehouse)
    finally:
        restart.join()
    assert done.returncode == 0, done.stderr
    assert "Nothing new" in done.stdout
    assert run["state_type"] == "COMPLETED"
    _, push = tasks_of(record, run)
    assert (push["name"].partition("-")[0], push["run_count"], push["empirical_policy"]["retries"]) == ("push", 2, 3)
    assert postgresql.ask("select build_id from beehive.build_info", "flow")

    logs = record.post("logs/filter", {"logs": {"flow_run_id": {"any_": [run["id"]]}}, "limit": 200})
    assert "Connection refused" in str(logs)
    for text in (done.stdout, done.stderr, str(logs), str(run), str(tasks_of(record, run))):
        assert not any(part in text for part in ("pass/word", "pass%2Fword"))


def test_an_archive_that_does_not_answer_is_asked_again_and_its_password_is_nowhere(
    server: dict[str, str], record: Record, tmp_path: Path
) -> None:
    location = f"https://me:s3cret@127.0.0.1:{free_port()}/archive.git"
    before = {run["id"] for run in record.post("flow_runs/filter", {})}
    process = subprocess.Popen(
        [*BEEHIVE, "refresh", "--warehouse", str(tmp_path / "warehouse")],
        env={**server, "BEEHIVE_SOURCE": location}, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    try:
        run = until(
            lambda: [one for one in record.post("flow_runs/filter", {}) if one["id"] not in before], 120, "a run"
        )[0]
        tasks = until(
            lambda: [task for task in tasks_of(record, run) if task["state_name"] == "AwaitingRetry"], 120, "a retry"
        )
        assert str(tasks[0]["name"]).startswith("extract")
        kept = [record.run(run["id"]), tasks, record.post("logs/filter", {"logs": {}, "limit": 200})]
    finally:
        process.kill()
        said = process.communicate()[1]
    assert "s3cret" not in said
    assert "s3cret" not in str(kept)


def test_what_does_not_pass_by_itself_is_not_tried_again(
    server: dict[str, str], record: Record, archive: GitArchive, tmp_path: Path
) -> None:
    with one_run(record) as run:
        done = refresh(server, archive.path, tmp_path / "warehouse", "--ref", "nowhere")
    assert done.returncode == 2
    assert (run["state_type"], "nowhere" in run["state"]["message"]) == ("FAILED", True)
    (task,) = tasks_of(record, run)
    assert (str(task["name"]).partition("-")[0], task["run_count"]) == ("extract", 1)


@contextmanager
def listening(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


class Other(http.server.BaseHTTPRequestHandler):
    """A web server that is not Prefect's: it has a page for every address."""

    health, status = b"<p>Welcome</p>", 200

    def do_GET(self) -> None:
        self.send_response(200 if self.path.endswith("/health") else self.status)
        self.send_header("Content-Length", str(len(self.health)))
        self.end_headers()
        self.wfile.write(self.health)

    def log_message(self, *args: object) -> None:
        pass


class Well(Other):
    """A server that says that it is well, as Prefect's does."""

    health = b"true"


class Closed(Well):
    """A server that wants to be told who asks for more than that, as Prefect's does if it has a secret."""

    status = 401


def test_a_server_that_is_of_no_use_is_done_without(archive: GitArchive, tmp_path: Path) -> None:
    cases: list[tuple[type[Other] | None, str, str]] = [
        (None, "", "does not answer"),
        (Other, "", "is not a Prefect server"),
        (Closed, "", "refuses this client (set PREFECT_API_AUTH_STRING"),
        (Well, "[profiles", "cannot be used, because Prefect does not start here"),
    ]
    for handler, profiles, said in cases:
        (tmp_path / "profiles.toml").write_text(profiles)
        with listening(handler or Other) as host:
            address = f"http://me:s3cret@{host if handler else '127.0.0.1:9'}/api"
            environment = {**clean_environment(), "PREFECT_API_URL": address, "PREFECT_HOME": str(tmp_path)}
            done = refresh(environment, archive.path, tmp_path / "warehouse")
        assert done.returncode == 0, done.stderr
        assert said in done.stderr
        assert "running in this process" in done.stderr
        assert "s3cret" not in done.stderr
        assert done.stdout.startswith("Nothing new" if handler else "12 releases (first build)")
    assert published(tmp_path / "warehouse") == archive.git("rev-parse", "HEAD")


@contextmanager
def relay(port: int) -> Iterator[tuple[int, threading.Event]]:
    """Passes connections on to a port of this machine until it is told to break them; gives its own port."""
    broken, ends = threading.Event(), list[socket.socket]()

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with suppress(OSError):
                while not broken.is_set():
                    near = listener.accept()[0]
                    far = socket.create_connection(("127.0.0.1", port))
                    ends.extend((near, far))
                    for pair in ((near, far), (far, near)):
                        threading.Thread(target=pump, args=pair, daemon=True).start()

        def cut() -> None:
            broken.wait()
            for end in (listener, *ends):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()

        for work in (accept, cut):
            threading.Thread(target=work, daemon=True).start()
        yield listener.getsockname()[1], broken
        broken.set()


def test_a_server_that_is_lost_in_the_middle_does_not_keep_a_build_from_being_published(
    server: dict[str, str], archive: GitArchive, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    with relay(httpx.URL(server["PREFECT_API_URL"]).port or 0) as (port, broken):
        lost = {**server, "PREFECT_API_URL": f"http://127.0.0.1:{port}/api", "PREFECT_CLIENT_MAX_RETRIES": "0"}
        process = subprocess.Popen(
            [*BEEHIVE, "refresh", "--source", str(archive.path), "--warehouse", str(warehouse)],
            env=lost, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            if "extract:" in line:
                broken.set()
        assert process.wait(120) == 0, said
    assert any("does not answer: its record of this run is incomplete" in line for line in said)
    assert "12 releases (first build)" in process.stdout.read()  # type: ignore[union-attr]
    assert published(warehouse) == archive.git("rev-parse", "HEAD")
