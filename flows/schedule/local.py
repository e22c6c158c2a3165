"""The schedule on this machine: a Prefect server and a worker, started and stopped together.

If a server is configured (PREFECT_API_URL or a profile), that one is used, and only the worker is started. The server
that is started here does only what is asked with a secret, which is kept in a file that nobody else can read.
"""

import fcntl
import os
import re
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
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
_LOG_BYTES = 5_000_000  # of a log, before it becomes the older log and a new one begins
_KEPT = {  # how long the server that is started here keeps what it knows of past runs
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(30 * 24 * 60 * 60),  # runs, logs and artifacts; seconds
    "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P7D",  # ISO 8601
}
# Given to Python as a program: the flow is in a layer above this one.
_WORKER = "from flows.refresh import refresh; from flows.schedule import worker; worker.{}(refresh, is_ours={})"


class _Stop(Exception):
    """Ctrl-C, SIGTERM or SIGHUP arrived."""


def run_schedule(settings: Settings, say: Callable[[str], None], *, port: int, only_set_up: bool = False) -> None:
    """Start the server and the worker; wait for Ctrl-C, SIGTERM or SIGHUP, then stop what was started.

    Args:
        settings: what the scheduled runs refresh; they read it from the worker's environment.
        say: receives one line per step.
        port: of the server, on the loopback interface.
        only_set_up: put automations and deployment on the configured server, then return.

    Raises:
        Refused: the server or worker ended by itself (its log is named), or the configured server cannot be used.
        Unusable: the port or the folder cannot be used, or `only_set_up` without a configured server.
    """
    configured = server.configured()
    if only_set_up and not configured:
        raise Unusable("No Prefect server is configured: set PREFECT_API_URL to the address of the one to set up.")
    if configured and (fault := server.fault(configured)):  # refused, not unusable, so that systemd starts this again
        raise Refused(
            f"{configured} {fault}: start or change that Prefect server, or unset PREFECT_API_URL (or the profile) to "
            "start a server here."
        )
    if only_set_up:
        os.environ.update(_environment(settings, str(configured)))
        _set_up()
        say(f"deployment: refresh/beehive on {configured}")
        return
    folder = settings.warehouse.resolve() / "prefect"
    with _stop_on_signals(), _schedule_lock(folder) as lock, ExitStack() as running:
        try:
            is_ours = not configured
            if not is_ours:
                os.environ["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"] = str(server.HEARTBEAT_SECONDS)
            address = configured or f"http://{_HOST}:{port}/api"
            os.environ.update(_environment(settings, address))
            processes: dict[str, subprocess.Popen[bytes]] = {}
            if is_ours:
                _check_port(port)
                os.environ.pop("PREFECT_PROFILE", None)  # the folder has none
                os.environ.update(_server_environment(folder, port))
                say(f"server: starting on port {port}, which takes up to a minute")
                arguments = ["-m", "prefect", "server", "start", "--host", _HOST, "--port", str(port)]
                processes["server"] = running.enter_context(_process("server", arguments, folder, lock))
                _wait_for_server(address, processes["server"], folder / "server.log")
            say(f"server: {address.removesuffix('/api')}" + ("" if is_ours else " (as configured)"))
            if is_ours:
                say(f"sign in with the secret in {_secret_file(folder)}")
            arguments = ["-c", _WORKER.format("serve", is_ours)]
            processes["worker"] = running.enter_context(_process("worker", arguments, folder, lock))
            _wait_for_worker(processes["worker"], folder)
            say(f"deployment: refresh/beehive of {redact(settings.source)} into {settings.warehouse}")
            say(f"worker: started; logs are in {folder}. Press Ctrl-C to stop everything.")
            _watch(processes, folder)
        except _Stop:
            say("stopping what this command started")


@contextmanager
def _schedule_lock(folder: Path) -> Iterator[TextIO]:
    """Allow one schedule per warehouse; the server and worker that a killed schedule left behind hold the lock too.

    Raises:
        Unusable: a schedule runs already, or this user cannot write to the folder.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(stat.S_IRWXU)  # logs and database may name what others should not read
        lock = (folder / "schedule.lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise Unusable(
            f"The schedule cannot use the folder {folder} ({error.strerror}): run it as the owner of the warehouse, or "
            "choose another one with --warehouse."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Unusable(
                f"A schedule already runs in {folder.parent}, or was killed and left processes running: stop these "
                f"process ids first ({', '.join(lock.read().split())})."
            ) from None
        lock.truncate(0)
        print(f"schedule:{os.getpid()}", file=lock, flush=True)
        yield lock
        lock.truncate(0)  # stopped on purpose: the file of a schedule that died keeps its process ids


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # ignore a server that has just ended
        try:
            probe.bind((_HOST, port))
        except OSError as error:
            raise Unusable(f"Port {port} cannot be used ({error.strerror}): choose another with --port.") from error


def _secret_file(folder: Path) -> Path:
    return folder / "secret"


def _secret(folder: Path) -> str:
    """Return the secret of the server, `user:password`; make one if there is none that only this user can read."""
    file = _secret_file(folder)
    others = stat.S_IRWXG | stat.S_IRWXO
    if file.is_file() and not file.stat().st_mode & others and (known := file.read_text(encoding="ascii").strip()):
        return known
    file.unlink(missing_ok=True)
    secret = f"beehive:{secrets.token_urlsafe(32)}"
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as new:  # noqa: PTH123
        print(secret, file=new)
    return secret


def _environment(settings: Settings, address: str) -> Mapping[str, str]:
    """Return the environment of worker and runs, from which a run takes all its settings."""
    values = {name: str(getattr(settings, name)) for name in settings.model_fields_set}
    for name in {"source", "index"} & values.keys():  # relative to this folder; the worker runs in another one
        path = Path(values[name]).expanduser()
        values[name] = str(path.resolve()) if path.exists() else values[name]
    return {
        **{f"BEEHIVE_{name.upper()}": value for name, value in values.items()},
        "BEEHIVE_WAREHOUSE": str(settings.warehouse.resolve()),
        "DO_NOT_TRACK": "1",
        "PREFECT_API_URL": address,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
    }


def _server_environment(folder: Path, port: int) -> Mapping[str, str]:
    """Return what the server that is started here needs besides, and what its worker and runs need to be let in."""
    secret = _secret(folder)
    return {
        "PREFECT_HOME": str(folder),
        "PREFECT_API_AUTH_STRING": secret,
        "PREFECT_SERVER_API_AUTH_STRING": secret,
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": f"http://{_HOST}:{port},http://localhost:{port}",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        **{name: os.environ.get(name, default) for name, default in _KEPT.items()},
    }


@contextmanager
def _process(name: str, arguments: list[str], folder: Path, lock: TextIO) -> Iterator[subprocess.Popen[bytes]]:
    """Run Python in its own session, so that Ctrl-C does not reach it before we stop it in order."""
    with (folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if name == "worker" else log, stderr=log,
            start_new_session=True, cwd=PROJECT, pass_fds=[lock.fileno()],
        )  # fmt: skip
        try:
            print(f"{name}:{process.pid}", file=lock, flush=True)
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)
            with suppress(ProcessLookupError):  # what it left running, and itself if it did not stop
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for_server(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while server.fault(address, seconds=2):
        if process.poll() is not None:
            raise Refused(f"The Prefect server ended with code {process.returncode} while starting: see {log}.")
        if time.monotonic() > end:
            raise Refused(f"The Prefect server did not answer within {_START_SECONDS} seconds: see {log}.")
        time.sleep(0.2)


def _wait_for_worker(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait until the worker has put the deployment on the server, or has ended."""
    assert process.stdout is not None  # noqa: S101
    with process.stdout as output:
        if not output.readline():
            raise Refused(
                f"The Prefect worker ended with code {process.wait()} while starting: see {folder / 'worker.log'}."
            )


def _set_up() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WORKER.format("set_up", "False")],
        capture_output=True, text=True, cwd=PROJECT, check=False,
    )  # fmt: skip
    if done.returncode:
        said = re.sub(r"://\S*@", "://", " ".join((done.stderr or done.stdout).split())[-500:])
        raise Refused(f"The deployment could not be put on the Prefect server: {said}")


def _watch(processes: Mapping[str, subprocess.Popen[bytes]], folder: Path) -> None:
    """Wait until a process ends; keep each log and the one before it short."""
    while True:
        for name, process in processes.items():
            log = folder / f"{name}.log"
            if process.poll() is not None:
                raise Refused(
                    f"The Prefect {name} ended by itself with code {process.returncode}: see {log}, then run `beehive "
                    "schedule` again."
                )
            if log.stat().st_size > _LOG_BYTES:
                shutil.copyfile(log, folder / f"{name}.log.1")
                os.truncate(log, 0)  # the process goes on appending to the same file
        time.sleep(1)


@contextmanager
def _stop_on_signals() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in handlers:  # a second signal would interrupt the stopping
            signal.signal(number, signal.SIG_IGN)
        raise _Stop

    numbers = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}  # SIGHUP: the terminal was closed
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # nohup
        numbers.remove(signal.SIGHUP)
    handlers = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
