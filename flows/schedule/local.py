"""The schedule on this machine: a Prefect server, the deployment and a worker, started and stopped together.

If a server is configured (PREFECT_API_URL or a profile), that one is used, and only the worker is started.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import TextIO

from flows.errors import Refused, Unusable
from flows.extract.address import redact
from flows.paths import PROJECT
from flows.schedule import server
from flows.settings import Settings

_HOST = "127.0.0.1"
_START_SECONDS = 180  # until the server answers, which takes up to a minute on a busy machine
_STOP_SECONDS = 30
_DEPLOYMENT = PROJECT / "prefect.yaml"


class _Stop(Exception):
    """Ctrl-C or SIGTERM arrived."""


def run_schedule(settings: Settings, say: Callable[[str], None], *, port: int, only_set_up: bool = False) -> None:
    """Start the server, the deployment and the worker; wait for Ctrl-C or SIGTERM, then stop what was started.

    Args:
        settings: what the scheduled runs refresh; they read it from the worker's environment.
        say: receives one line per step.
        port: of the server, on the loopback interface.
        only_set_up: put work pool, automations and deployment on the configured server, then return.

    Raises:
        Refused: the server or worker ended by itself (its log is named), or the configured server does not answer.
        Unusable: the port is taken, or `only_set_up` without a configured server.
    """
    configured = server.configured()
    if only_set_up and not configured:
        raise Unusable("No Prefect server is configured: set PREFECT_API_URL to the address of the one to set up.")
    if configured and not server.is_reachable(configured):  # refused, not unusable, so that systemd starts this again
        raise Refused(
            f"{redact(configured)} does not answer: start that Prefect server, or unset PREFECT_API_URL (or the "
            "profile) to start a server here."
        )
    if only_set_up:
        os.environ.update(_environment(settings, str(configured), is_ours=False))
        _set_up(settings, is_ours=False)
        say(f"deployment: refresh/beehive on {redact(str(configured))}")
        return
    logs = settings.warehouse / "prefect"
    logs.mkdir(parents=True, exist_ok=True)
    with _stop_on_signals(), _schedule_lock(logs) as lock, ExitStack() as running:
        try:
            is_ours = not configured
            address = configured or f"http://{_HOST}:{port}/api"
            if is_ours and not _is_free(port):
                raise Unusable(f"Port {port} is taken by another program: choose another with --port.")
            os.environ.update(_environment(settings, address, is_ours=is_ours))
            processes: dict[str, subprocess.Popen[bytes]] = {}
            if is_ours:
                say(f"server: starting on port {port}, which takes up to a minute")
                arguments = ("server", "start", "--host", _HOST, "--port", str(port))
                processes["server"] = running.enter_context(_process("server", arguments, logs, lock))
                _wait_for_server(address, processes["server"], logs / "server.log")
            say(f"server: {address.removesuffix('/api')}" + ("" if is_ours else " (as configured)"))
            _set_up(settings, is_ours=is_ours)
            say(f"deployment: refresh/beehive of {redact(settings.source)} into {settings.warehouse}")
            processes["worker"] = running.enter_context(
                _process("worker", ("worker", "start", "--pool", "beehive"), logs, lock)
            )
            say(f"worker: started; logs are in {logs}. Press Ctrl-C to stop everything.")
            _watch(processes, logs)
        except _Stop:
            say("stopping what this command started")


@contextmanager
def _schedule_lock(logs: Path) -> Iterator[TextIO]:
    """Allow one schedule per warehouse; the server and worker that a killed schedule left behind hold the lock too."""
    with (logs / "schedule.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Unusable(
                f"A schedule already runs in {logs.parent}, or was killed and left processes running: stop these "
                f"process ids first ({', '.join(lock.read().split())})."
            ) from None
        lock.truncate(0)
        print(f"schedule:{os.getpid()}", file=lock, flush=True)
        yield lock
        lock.truncate(0)  # stopped on purpose: the file of a schedule that died keeps its process ids


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # ignore a server that has just ended
        try:
            probe.bind((_HOST, port))
        except OSError:
            return False
    return True


def _environment(settings: Settings, address: str, *, is_ours: bool) -> Mapping[str, str]:
    """Return the environment of server, worker and runs; Prefect shows parameters of runs, which may hold passwords."""
    values = {name: str(getattr(settings, name)) for name in settings.model_fields_set}
    for name in {"source", "index"} & values.keys():  # relative to this folder; the worker runs in another one
        path = Path(values[name]).expanduser()
        values[name] = str(path.resolve()) if path.exists() else values[name]
    return {
        **{f"BEEHIVE_{name.upper()}": value for name, value in values.items()},
        "BEEHIVE_WAREHOUSE": str(settings.warehouse.resolve()),
        "DO_NOT_TRACK": "1",
        "PREFECT_API_URL": address,
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(server.HEARTBEAT_SECONDS),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        **({"PREFECT_HOME": str(settings.warehouse.resolve() / "prefect")} if is_ours else {}),
    }


@contextmanager
def _process(name: str, arguments: tuple[str, ...], logs: Path, lock: TextIO) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command of Prefect in its own session, so that Ctrl-C does not reach it before we stop it in order."""
    with (logs / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", *arguments],
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, cwd=PROJECT,
            pass_fds=[lock.fileno()],
        )  # fmt: skip
        try:
            print(f"{name}:{process.pid}", file=lock, flush=True)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _wait_for_server(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while not server.is_reachable(address, seconds=2):
        if process.poll() is not None:
            raise Refused(f"The Prefect server ended with code {process.returncode} while starting: see {log}.")
        if time.monotonic() > end:
            raise Refused(f"The Prefect server did not answer within {_START_SECONDS} seconds: see {log}.")
        time.sleep(0.5)


def _set_up(settings: Settings, *, is_ours: bool) -> None:
    from flows.schedule import automations  # noqa: PLC0415 (Prefect reads its environment when it is imported)

    automations.put_on_server(settings.notify_url)
    if is_ours:
        automations.crash_unfinished()
    deployed = subprocess.run(
        [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(_DEPLOYMENT)],
        capture_output=True, text=True, cwd=PROJECT, env={**os.environ, "PWD": str(PROJECT)}, check=False,
    )  # fmt: skip
    if deployed.returncode:
        raise Refused(f"`prefect deploy` failed: {' '.join((deployed.stderr or deployed.stdout).split())[-500:]}")


def _watch(processes: Mapping[str, subprocess.Popen[bytes]], logs: Path) -> None:
    while True:
        for name, process in processes.items():
            if process.poll() is not None:
                raise Refused(
                    f"The Prefect {name} ended by itself with code {process.returncode}: see {logs / name}.log, then "
                    "run `beehive schedule` again."
                )
        time.sleep(1)


@contextmanager
def _stop_on_signals() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in handlers:  # a second signal would interrupt the stopping
            signal.signal(number, signal.SIG_IGN)
        raise _Stop

    handlers = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
