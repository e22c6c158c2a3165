"""The schedule on this machine: a Prefect server, the deployment and a worker, started and ended together.

Where a server is configured (PREFECT_API_URL, a profile), that one is used and only the worker is started.
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
_START_SECONDS = 180  # until the server answers; on a busy machine it needs most of a minute
_STOP_SECONDS = 30
_DEPLOYMENT = PROJECT / "prefect.yaml"


class _Stop(Exception):
    """Somebody asked for the end."""


def run_schedule(settings: Settings, say: Callable[[str], None], *, port: int, only_set_up: bool = False) -> None:
    """Starts all of it and waits; ends what it started when it is interrupted or terminated.

    Args:
        settings: what the scheduled runs refresh; they find it in the worker's environment.
        say: told each step.
        port: of the server, on the loopback interface.
        only_set_up: put work pool, automations and deployment on the configured server, and end.

    Raises:
        Refused: a server or worker ended by itself (the message names its log), or the one configured does not answer.
        Unusable: the port is taken, or no server is configured to set up.
    """
    configured = server.configured()
    if only_set_up and not configured:
        raise Unusable("No Prefect server is configured: set PREFECT_API_URL to the one that is to be set up.")
    if configured and not server.is_reachable(configured):  # it may come back: systemd tries again
        raise Refused(
            f"{redact(configured)} does not answer: start that Prefect server, or unset PREFECT_API_URL (or the "
            "profile), and one is started here."
        )
    if only_set_up:
        os.environ.update(_environment(settings, str(configured), is_ours=False))
        _set_up(settings, is_ours=False)
        say(f"deployment: refresh/beehive on {redact(str(configured))}")
        return
    logs = settings.warehouse / "prefect"
    logs.mkdir(parents=True, exist_ok=True)
    with _stopped_by_signals(), _only_one(logs) as lock, ExitStack() as running:
        try:
            if configured:
                address, is_ours = configured, False
            else:
                address, is_ours = f"http://{_HOST}:{port}/api", True
                if not _is_free(port):
                    raise Unusable(f"Port {port} is taken by another program: choose another with --port.")
            os.environ.update(_environment(settings, address, is_ours=is_ours))
            processes: dict[str, subprocess.Popen[bytes]] = {}
            if is_ours:
                say(f"server: starting on port {port}, which takes up to a minute")
                words = ("server", "start", "--host", _HOST, "--port", str(port))
                processes["server"] = running.enter_context(_process("server", words, logs, lock))
                _wait_for(address, processes["server"], logs / "server.log")
            say(f"server: {address.removesuffix('/api')}" + ("" if is_ours else " (as configured)"))
            _set_up(settings, is_ours=is_ours)
            say(f"deployment: refresh/beehive of {redact(settings.source)} into {settings.warehouse}")
            processes["worker"] = running.enter_context(
                _process("worker", ("worker", "start", "--pool", "beehive"), logs, lock)
            )
            say(f"worker: started; logs are in {logs}. Ctrl-C ends all of it.")
            _watch(processes, logs)
        except _Stop:
            say("ending worker and server")


@contextmanager
def _only_one(logs: Path) -> Iterator[TextIO]:
    """One schedule in a folder. Server and worker hold the lock, too: where a killed schedule left them, they go on."""
    with (logs / "schedule.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Unusable(
                f"A schedule runs in {logs.parent} already, or was killed and left these running: end them first "
                f"({', '.join(lock.read().split())})."
            ) from None
        lock.truncate(0)
        print(f"schedule:{os.getpid()}", file=lock, flush=True)
        yield lock


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a server that has just ended does not count
        try:
            tried.bind((_HOST, port))
        except OSError:
            return False
    return True


def _environment(settings: Settings, address: str, *, is_ours: bool) -> Mapping[str, str]:
    """What server, worker and runs find around them; addresses with credentials are in no parameter of a run."""
    given = {name: str(getattr(settings, name)) for name in settings.model_fields_set}
    for name in {"source", "index"} & given.keys():  # seen from here: the worker stands in another folder
        path = Path(given[name]).expanduser()
        given[name] = str(path.resolve()) if path.exists() else given[name]
    return {
        **{f"BEEHIVE_{name.upper()}": value for name, value in given.items()},
        "BEEHIVE_WAREHOUSE": str(settings.warehouse.resolve()),
        "DO_NOT_TRACK": "1",
        "PREFECT_API_URL": address,
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(server.HEARTBEAT_SECONDS),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        **({"PREFECT_HOME": str(settings.warehouse.resolve() / "prefect")} if is_ours else {}),
    }


@contextmanager
def _process(name: str, words: tuple[str, ...], logs: Path, lock: TextIO) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a command of Prefect in a session of its own, so that Ctrl-C reaches it through us, in order."""
    with (logs / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", *words],
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


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while not server.is_reachable(address, seconds=2):
        if process.poll() is not None:
            raise Refused(f"The Prefect server ended with code {process.returncode} as it began: see {log}.")
        if time.monotonic() > end:
            raise Refused(f"The Prefect server did not answer within {_START_SECONDS} seconds: see {log}.")
        time.sleep(0.5)


def _set_up(settings: Settings, *, is_ours: bool) -> None:
    from flows.schedule import automations  # noqa: PLC0415 (Prefect reads its environment when it is imported)

    automations.put_on_server(settings.notify_url)
    if is_ours:
        automations.crash_unfinished()
    done = subprocess.run(
        [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(_DEPLOYMENT)],
        capture_output=True, text=True, cwd=PROJECT, env={**os.environ, "PWD": str(PROJECT)}, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Refused(f"prefect deploy failed: {' '.join((done.stderr or done.stdout).split())[-500:]}")


def _watch(processes: Mapping[str, subprocess.Popen[bytes]], logs: Path) -> None:
    while True:
        for name, process in processes.items():
            if process.poll() is not None:
                raise Refused(
                    f"The {name} ended by itself with code {process.returncode}, see {logs / name}.log: run "
                    "`beehive schedule` again."
                )
        time.sleep(1)


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in before:  # once is enough: a second one would break off the ending
            signal.signal(number, signal.SIG_IGN)
        raise _Stop

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
