"""Parsing on a real Dask cluster of two worker processes: the same result, whatever becomes of a worker."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from flows.errors import Unreachable, Unusable
from flows.parse.release import PARSER_VERSION
from flows.pipeline import refresh
from flows.run import StageName
from flows.settings import Settings
from tests.conftest import ROOT, Lines, Refresh, release_path, release_text
from tests.pipeline.test_processes import BEEHIVE
from tests.pipeline.test_refresh import contents, rows

pytestmark = pytest.mark.dask
FILES = 7_000  # 2,048 are stored at once, and at most eight batches of 512 are back but not yet stored


@dataclass
class Cluster:
    """A Dask scheduler and workers of one thread, each a process; killed means killed."""

    folder: Path
    address: str = ""
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        found = self.folder / "scheduler.json"
        self.scheduler = self._dask("scheduler", "--port", "0", "--scheduler-file", found)
        until(lambda: found.exists() and found.stat().st_size > 0, "the scheduler")
        from distributed import Client

        with Client(scheduler_file=str(found), timeout=60) as client:
            self.address = client.scheduler.address
        for _ in range(2):
            self.add_worker()

    def add_worker(self, code: Path = ROOT) -> None:
        words = ("--nthreads", "1", "--no-nanny", "--local-directory", self.folder)
        self.workers.append(self._dask("worker", self.address, *words, code=code))
        from distributed import Client

        alive = sum(worker.poll() is None for worker in self.workers)
        with Client(self.address, timeout=60) as client:
            client.wait_for_workers(alive, timeout=60)

    def stop(self) -> None:
        for process in (*self.workers, *filter(None, [self.scheduler])):
            process.kill()
            process.wait()

    def _dask(self, kind: str, *words: str | Path, code: Path = ROOT) -> subprocess.Popen[bytes]:
        with (self.folder / f"{kind}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", kind, *words, "--host", "127.0.0.1", "--dashboard-address", ":0"],
                stdout=log, stderr=subprocess.STDOUT, cwd=self.folder, env={**os.environ, "PYTHONPATH": str(code)},
            )  # fmt: skip


class Doing(Lines):
    """A reporter that does something once, when parsing has come so far."""

    def __init__(self, do: Callable[[], None], after: int) -> None:
        super().__init__()
        self._do, self._after = do, after

    def progress(self, name: StageName, done: int, total: int) -> None:
        if name == "parse" and done >= self._after and self._do is not None:
            do, self._do = self._do, None  # type: ignore[assignment]
            do()


def until(ask: Callable[[], bool], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not ask():
        if time.monotonic() > end:
            pytest.fail(f"{what}: not within {seconds} seconds")
        time.sleep(0.1)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    folder = tmp_path / "cluster"
    folder.mkdir()
    cluster = Cluster(folder)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that is worth a cluster; some of it is quarantined."""
    root = tmp_path_factory.mktemp("many")
    for number in range(FILES):
        day, slug = f"{1998 + number % 20}-{number % 12 + 1:02}-{number % 28 + 1:02}", f"release-{number}"
        file = root / release_path(day, slug)
        file.parent.mkdir(parents=True, exist_ok=True)
        words = " ".join(f"word{number * place % 977}" for place in range(40))
        text = release_text(f"Release {number}", day if number % 500 else "no day", slug, body=words)
        file.write_text(text)
    return root


@pytest.fixture(scope="module")
def alone(many: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple]]:
    """What is published of it without Dask."""
    warehouse = tmp_path_factory.mktemp("alone") / "warehouse"
    refresh(Settings(source=str(many), warehouse=warehouse, workers=1), Lines())
    assert rows(warehouse, "select count(*) from meta.quarantine") == [(FILES // 500,)]
    return contents(warehouse)


def test_a_worker_that_is_killed_in_the_middle_changes_nothing(
    cluster: Cluster, many: Path, alone: dict[str, list[tuple]], tmp_path: Path
) -> None:
    from distributed import Client

    def kill() -> None:
        with Client(cluster.address, set_as_default=False) as client:
            (at_work,) = (address for address, busy in client.run(os.getpid).items() if busy == cluster.workers[0].pid)
            until(lambda: bool(client.processing()[at_work]), "work for the worker to be killed")
            cluster.workers[0].send_signal(signal.SIGKILL)
            cluster.workers[0].wait()
            until(lambda: at_work not in client.nthreads(), "the end of the worker")

    report = Doing(kill, after=1)
    refresh(Settings(source=str(many), warehouse=tmp_path / "warehouse", dask_address=cluster.address), report)
    assert f"parse: 2 Dask workers at {cluster.address}" in report.lines
    assert cluster.workers[1].poll() is None
    assert contents(tmp_path / "warehouse") == alone


def test_a_cluster_that_is_lost_fails_the_run_and_the_next_goes_on(
    cluster: Cluster, many: Path, alone: dict[str, list[tuple]], tmp_path: Path
) -> None:
    settings = Settings(source=str(many), warehouse=tmp_path / "warehouse", dask_address=cluster.address)
    with pytest.raises(Unreachable, match="was lost") as error:
        refresh(settings, Doing(cluster.stop, after=2_048))
    assert "\n" not in str(error.value)
    report = Lines()
    refresh(settings.model_copy(update={"dask_address": None}), report)
    (told,) = (line for line in report.lines if line.startswith("parse: ") and "known" in line)
    known = int(told.split(" read, ")[1].split()[0].replace(",", ""))
    assert 2_048 <= known < FILES
    assert contents(tmp_path / "warehouse") == alone


def test_a_worker_with_another_parser_is_refused(cluster: Cluster, many: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    for folder in ("flows", "sql", "seeds"):
        shutil.copytree(ROOT / folder, other / folder, ignore=shutil.ignore_patterns("__pycache__"))
    with (other / "flows" / "parse" / "release.py").open("a") as code:
        code.write("# another parser\n")
    settings = Settings(source=str(many), warehouse=tmp_path / "warehouse", dask_address=cluster.address)

    cluster.add_worker(other)  # known before any work is given
    with pytest.raises(Unusable, match=rf"has the parser \w+ and not {PARSER_VERSION}"):
        refresh(settings, Lines())
    cluster.workers[-1].kill()
    cluster.workers[-1].wait()

    with pytest.raises(Unusable, match=rf"has the parser \w+ and not {PARSER_VERSION}"):  # joins at work
        refresh(settings, Doing(lambda: cluster.add_worker(other), after=1))
    assert not (tmp_path / "warehouse" / "beehive.duckdb").exists()


def test_a_worker_without_this_program_is_refused(cluster: Cluster, many: Path, run: Refresh, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(ROOT / "flows", other / "flows", ignore=shutil.ignore_patterns("__pycache__", "cluster.py"))
    cluster.add_worker(other)
    with pytest.raises(Unusable, match="cannot load this program"):
        run(many, dask_address=cluster.address)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("", "No Dask scheduler answers at"),
        ("import sys; sys.modules['distributed'] = None; ", "needs the extra `dask`"),
    ],
    ids=["no scheduler", "no extra"],
)
def test_what_is_missing_is_one_sentence(before: str, said: str, many: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [*BEEHIVE[:-1], before + BEEHIVE[-1], "refresh", "--source", str(many), "--warehouse", str(tmp_path / "w")],
        env={**os.environ, "BEEHIVE_DASK_ADDRESS": "tcp://127.0.0.1:9"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("beehive: ")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 2  # the other is about extract
