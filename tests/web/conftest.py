"""What the tests of the web application share: a real `beehive serve` on a free port of this machine."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows.settings import Settings
from tests.conftest import ROOT

SERVE = [sys.executable, "-c", "from flows.cli import main; main()", "serve"]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Door:
    """A running `beehive serve`."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask as a browser does; headers are given with _ for -."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            named = {name.replace("_", "-"): value for name, value in ({"accept": "text/html"} | headers).items()}
            connection.request(method, path, headers=named)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        try:
            return self.process.wait(timeout=20)
        finally:
            self.process.kill()


def until(found: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def start(warehouse: Path, log: Path, **environment: str) -> Door:
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BEEHIVE_", "PREFECT_"))}
    process = subprocess.Popen(
        [*SERVE, "--warehouse", str(warehouse), "--port", str(port)],
        cwd=ROOT, env={**kept, **environment}, stdout=subprocess.PIPE, stderr=log.open("w"), text=True,
    )  # fmt: skip
    door = Door(process, port, log)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            door.get("/static/icon.svg")
        except OSError:
            time.sleep(0.1)
        else:
            return door
    pytest.fail(f"no answer within a minute: {log.read_text()}")


Start = Callable[..., Door]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Start]:
    """Start `beehive serve` on a warehouse: `serve(warehouse, BEEHIVE_SERVE_SECONDS="1")`."""
    with ExitStack() as running:

        def begin(warehouse: Path, **environment: str) -> Door:
            door = start(warehouse, tmp_path / "serve.log", **environment)
            running.callback(door.process.wait)
            running.callback(door.process.kill)
            return door

        yield begin


@pytest.fixture(scope="session")
def door(sample: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """`beehive serve` on the sample; tests only ask it."""
    running = start(sample.warehouse, tmp_path_factory.mktemp("serve") / "serve.log")
    yield running
    assert "Traceback" not in running.log.read_text()
    running.stop(signal.SIGKILL)


def client(door: Door) -> httpx.Client:
    """A client that follows addresses, for pages of data and feeds."""
    return httpx.Client(base_url=f"http://127.0.0.1:{door.port}", timeout=60)


@pytest.fixture(scope="session")
def site(door: Door) -> Iterator[httpx.Client]:
    """A client of `door`."""
    with client(door) as one:
        yield one
