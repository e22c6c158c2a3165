"""What the tests of Prefect share: a real server, its record, a real worker, and who is left running."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import ROOT

ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
PROMPT = {"PREFECT_RUNNER_POLL_FREQUENCY": "1"}  # of a worker: ask for runs each second
BEEHIVE = [sys.executable, "-c", "from flows.cli import main; main()"]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def clean_environment() -> dict[str, str]:
    """Of a process that no setting of the one who runs the tests reaches."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "BEEHIVE_"))}


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A Prefect server on the loopback interface with a home of its own; gives the environment that points at it.

    It is stopped after the tests of this folder, since an idle server takes a tenth of a processor.
    """
    port = free_port()
    environment = {
        **clean_environment(),
        "PREFECT_HOME": str(tmp_path_factory.mktemp("prefect")),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EVENTS_PROACTIVE_GRANULARITY": "PT1S",  # how often it looks whether a run went silent
        "DO_NOT_TRACK": "1",
    }
    log = Path(environment["PREFECT_HOME"]) / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)],
            env=environment, stdout=output, stderr=subprocess.STDOUT, cwd=ROOT,
        )  # fmt: skip
        try:
            _wait_for(environment["PREFECT_API_URL"], log)
            yield environment
        finally:
            process.terminate()
            process.wait(timeout=60)


def _wait_for(api: str, log: Path) -> None:
    for _ in range(240):
        try:
            if httpx.get(f"{api}/health", timeout=2, verify=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.5)
    pytest.fail(f"the Prefect server did not start: {log.read_text()[-2000:]}")


@dataclass
class Record:
    """What a server knows of the runs, and how it is asked for one."""

    api: str
    warehouse: Path | None = None  # of `beehive schedule`, whose server wants the secret that is there

    def get(self, path: str, **parameters: str) -> Any:
        return self._send("GET", path, params=parameters).json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._send("POST", path, json=body).json()

    def put(self, path: str, body: dict[str, Any]) -> None:
        self._send("PUT", path, json=body)

    def delete(self, path: str) -> None:
        self._send("DELETE", path)

    def _send(self, method: str, path: str, **content: Any) -> httpx.Response:
        user, _, password = secret(self.warehouse).partition(":") if self.warehouse else ("", "", "")
        for _ in range(20):
            # To read the certificates of this machine would take 45 ms of CPU each time, and this asks without TLS.
            answer = httpx.request(
                method, f"{self.api}/{path}", auth=(user, password), timeout=120, verify=False, **content
            )
            if answer.status_code != 503:  # a server on SQLite says so while it is busy, and clients ask again
                break
            time.sleep(0.5)
        return answer.raise_for_status()

    def deployment(self) -> dict[str, Any]:
        (found,) = self.post("deployments/filter", {"deployments": {"name": {"any_": ["beehive"]}}})
        return found

    def set_schedules(self, **changes: dict[str, Any]) -> None:
        """Changes the schedules of these slugs and switches off the others: a test asks for its runs itself, and one
        that the clock brings meanwhile would have them cancelled."""
        deployment = self.deployment()
        for one in deployment["schedules"]:
            body = {
                "parameters": one["parameters"],
                **changes.get(one["slug"], {"active": False}),
            }  # else it drops them
            self._send("PATCH", f"deployments/{deployment['id']}/schedules/{one['id']}", json=body)

    def begin(self, **parameters: Any) -> str:
        """Asks for a run now."""
        body = {"state": {"type": "SCHEDULED"}, "parameters": parameters}
        return self.post(f"deployments/{self.deployment()['id']}/create_flow_run", body)["id"]

    def run(self, run_id: str) -> dict[str, Any]:
        return self.get(f"flow_runs/{run_id}")

    def wait(self, run_id: str, states: set[str] = ENDED, seconds: float = 240) -> dict[str, Any]:
        return until(lambda: (run := self.run(run_id))["state_type"] in states and run, seconds, run_id, every=0.25)

    def complete(self) -> None:
        """Asks for a run and waits until it is Completed."""
        run = self.wait(self.begin())
        assert run["state_type"] == "COMPLETED", run["state"]

    def artifacts(self, run_id: str) -> dict[str, Any]:
        found = self.post("artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run_id]}}})
        return {one["key"]: one for one in found}


def secret(warehouse: Path) -> str:
    """What the server of `beehive schedule` wants to be told, as `user:password`."""
    return (warehouse / "prefect" / "secret").read_text().strip()


def until(ask: Callable[[], Any], seconds: float, what: str, every: float = 0.1) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := ask():
            return found
        time.sleep(every)
    raise AssertionError(f"{what}: not within {seconds} seconds")


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A worker as somebody starts one for a shared server."""
    process = begin(["schedule"], {**environment, **PROMPT})
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


def processes(warehouse: Path) -> list[int]:
    """Whatever has this warehouse in its environment: a worker, its runs, the server of `beehive schedule`."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            variables = path.read_bytes().split(b"\0")
        except OSError:  # it ended meanwhile
            continue
        if f"BEEHIVE_WAREHOUSE={warehouse}".encode() in variables:
            found.append(int(path.parent.name))
    return found


def process_of_a_run(warehouse: Path) -> int | None:
    """The process of the run that the worker of this schedule has begun; a pool within it has processes of its own."""
    noted = (warehouse / "prefect" / "schedule.lock").read_text()
    (worker,) = (pid for name, _, pid in (one.partition(":") for one in noted.split()) if name == "worker")
    for child in Path(f"/proc/{worker}/task/{worker}/children").read_text().split():
        with suppress(OSError):  # it ended meanwhile
            if b"multiprocessing.spawn" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
    return None


def begin(words: list[str], environment: dict[str, str], cwd: Path = ROOT) -> subprocess.Popen[str]:
    """Starts `beehive schedule` and waits until its worker is started."""
    process = subprocess.Popen([*BEEHIVE, *words], env=environment, cwd=cwd, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said: list[str] = []
    for line in process.stderr:
        said.append(line)
        if line.startswith("worker:"):
            return process
    pytest.fail(f"the schedule did not begin, and ended with {process.wait()}: {said}")


def begin_schedule(
    port: int, source: Path, warehouse: Path, *, cwd: Path = ROOT, **environment: str
) -> subprocess.Popen[str]:
    """Starts `beehive schedule` with a server of its own, and switches its schedules off."""
    words = ["schedule", "--port", str(port), "--source", str(source), "--warehouse", str(warehouse)]
    process = begin(words, {**clean_environment(), **PROMPT, **environment}, cwd)
    Record(f"http://127.0.0.1:{port}/api", warehouse).set_schedules()
    return process
