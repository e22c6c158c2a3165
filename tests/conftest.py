"""The quick selection of the tests, and the fixtures that several folders share."""

import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import hypothesis
import pytest
from _pytest.mark import ParameterSet
from filelock import FileLock
from xdist.plugin import pytest_xdist_auto_num_workers as count_processors
from xdist.scheduler import LoadScopeScheduling

from flows import stages
from flows.load import sqlfiles
from flows.load.star import empty_build
from flows.parse.text import keep_words
from flows.paths import SAMPLE
from flows.pipeline import refresh
from flows.run import Outcome, StageName
from flows.settings import Settings

ROOT = Path(__file__).parent.parent
ALL_GUARDS = frozenset(file.name for file in sqlfiles.guards())
BUNDLE = ROOT.parent / "shared" / "archive" / "beehive-markdown.bundle"

# Tests start hundreds of processes. In a new environment, each would compile all of its modules, for one to three
# seconds, if none may keep what it compiled.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# glibc keeps seven freed pieces of each size at hand for a thread. To plan its queries, DuckDB takes and frees
# thousands, which is a fifth of the CPU time of a small refresh. Processes that are started from now on keep more.
os.environ.setdefault("GLIBC_TUNABLES", "glibc.malloc.tcache_count=200")


# What `--quick` leaves out, by marker.
LEFT_OUT_OF_QUICK = {"slow", "daily", "clients", "server", "dask", "archive"}
# Folders whose slow tests refresh small archives, often with small differences: each is tried every third day.
BY_TURNS = {"pipeline", "cluster"}
TURNS = 3
# The same in all processes of a run, also around midnight.
DAY = int(os.environ.setdefault("BEEHIVE_DAY", str(datetime.now(UTC).toordinal())))
# A test that uses one of these fixtures needs the marker.
MARKER_OF_FIXTURE = {"environment": "clients", "server": "server", "cluster": "dask", "bundle": "archive",
                     "postgresql": "clients"}  # fmt: skip


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--quick",
        action="store_true",
        help="leave out the tests that are slow or need a network, a server, a cluster or the real archive, "
        "and try fewer random examples",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Set up hypothesis, let tests press Ctrl-C, and let somebody edit the code while the tests run.

    Hypothesis reports a test that takes longer than 0.2 seconds as unreliable, which happens on a busy machine: the
    deadline is off. A shell that starts pytest in the background makes it and its child processes ignore Ctrl-C.
    """
    hypothesis.settings.register_profile("all", deadline=None)
    hypothesis.settings.register_profile("quick", deadline=None, max_examples=20)
    hypothesis.settings.load_profile("quick" if config.getoption("quick") else "all")
    stages.refuse_changed_program = lambda: None  # in this process; tests/pipeline/test_inputs.py calls the real one
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


# Long files whose tests share nothing that is expensive: pytest-xdist distributes their tests one by one.
ONE_BY_ONE = {
    f"tests/pipeline/test_{name}.py"
    for name in ("faults", "history", "incremental", "names_and_dates", "processes", "readers", "refresh")
}


# Files that share what is expensive are run in one process: the build of the real archive, and a Prefect server.
TOGETHER = {
    **dict.fromkeys(("tests/server/test_crashes.py", "tests/server/test_flow.py"), "a Prefect server"),
    **{str(path.relative_to(ROOT)): "tests/full" for path in (ROOT / "tests" / "full").glob("test_*.py")},
}
# The order in which tests begin, by folder or file: what takes long or waits first, so that no process is left with it
# in the end.
ORDER = (
    "tests/full",
    "tests/server",
    "tests/clients/test_superset.py",
    "tests/pipeline/test_incremental.py",
    "tests/cluster",
    "tests/web",
    "tests/clients",
    "tests/pipeline",
)


class ByFile(LoadScopeScheduling):
    """Run the tests of a file in one process, or those of several files."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if file in ONE_BY_ONE else TOGETHER.get(file, file)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Start one process more than there are processors: the tests of servers and browsers wait for a part of the time.

    The quick tests hardly wait.
    """
    return None if config.getoption("quick") else count_processors(config) + 1


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    config.option.loadscopereorder = False  # else the files with the most tests begin, and those are quick ones
    return ByFile(config, log)


def examples(count: int) -> int:
    """Return how many random examples a property tries: `count`, or a tenth of it with `--quick`."""
    return count // 10 if hypothesis.settings.get_current_profile_name() == "quick" else count


def first_quick(cases: Iterable[Any]) -> list[ParameterSet]:
    """Mark the cases of a test as slow, but for the first one."""
    first, *others = cases
    return [pytest.param(first), *(pytest.param(case, marks=pytest.mark.slow) for case in others)]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the tests in order; leave out what `--quick` does not run, or the tests whose turn it is not."""
    items.sort(key=lambda item: next((place for place, name in enumerate(ORDER) if item.nodeid.startswith(name)), 99))
    if config.getoption("quick"):
        left_out = {item for item in items if any(marker.name in LEFT_OUT_OF_QUICK for marker in item.iter_markers())}
    elif config.args == config.getini("testpaths") and os.environ.get("BEEHIVE_TURNS") != "all":
        left_out = set(_tests_of_other_days(items))
    else:
        return
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def _tests_of_other_days(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield the slow tests of each file in the folders of BY_TURNS whose turn is on another day."""
    slow = [item for item in items if any(marker.name in {"slow", "dask"} for marker in item.iter_markers())]
    for path, tests in itertools.groupby(slow, lambda item: item.path):
        if path.parent.name in BY_TURNS:
            yield from (item for number, item in enumerate(tests) if number % TURNS != DAY % TURNS)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test that uses a slow fixture without the marker by which `--quick` leaves it out."""
    for fixture, marker in MARKER_OF_FIXTURE.items():
        if fixture in getattr(item, "fixturenames", ()) and not item.get_closest_marker(marker):
            pytest.fail(f"a test that uses the fixture `{fixture}` needs the marker `{marker}`", pytrace=False)


class Lines:
    """A reporter that keeps what it is told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def line(self, text: str) -> None:
        self.lines.append(text)

    def progress(self, name: StageName, done: int, total: int) -> None:
        self.lines.append(f"{name} {done}/{total}")


class GitArchive:
    """A real git repository of releases that a test edits and commits."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.exists():
            path.mkdir(parents=True)
            self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *words: str) -> str:
        identity = ["-c", "user.name=Archive", "-c", "user.email=archive@example.invalid", "-c", "commit.gpgsign=false"]
        done = subprocess.run(["git", *identity, *words], cwd=self.path, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def write(self, path: str, content: str | bytes) -> None:
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, message: str = "sync") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")


def release_text(
    title: str = "A title",
    date: str = "2003-06-17",
    slug: str = "a-title",
    ministers: tuple[str, ...] = ("Helen Clark",),
    portfolios: tuple[str, ...] = ("Health",),
    body: str = "A body.",
) -> str:
    """A release as the archive writes one."""
    lines = ["---", f'title: "{title}"', f"date: {date}", f"url: https://www.beehive.govt.nz/release/{slug}"]
    for key, items in (("ministers", ministers), ("portfolios", portfolios)):
        lines += [f"{key}:", *(f"  - {item}" for item in items)] if items else []
    return "\n".join([*lines, "---", "", body])


def release_path(date: str, slug: str) -> str:
    return f"releases/{date[:4]}/{date[5:7]}/{date}-{slug}.md"


class Twelve:
    """An archive of twelve releases, one a month, so that a few can go without the guard minding; and its build.

    Each test gets a copy of the archive. All copies have one path, which a build records, so that the tests of a
    process share the first build, too.
    """

    def __init__(self, folder: Path) -> None:
        self._made, self._built = folder / "made", folder / "built"
        self.path = folder / "copy" / "archive"
        archive = GitArchive(self._made)
        for month in range(1, 13):
            date, slug = f"2003-{month:02}-17", f"release-{month}"
            archive.write(release_path(date, slug), release_text(f"Release {month}", date, slug))
        archive.commit()

    def copy(self) -> GitArchive:
        """Put the archive, as it was made, in the place of the last copy."""
        shutil.rmtree(self.path.parent, ignore_errors=True)
        shutil.copytree(self._made, self.path)
        return GitArchive(self.path)

    def build(self) -> None:
        """Build a warehouse of the copy, which nobody has edited yet, unless there is one."""
        if not (self._built / "published.json").exists():
            refresh(Settings(source=str(self.path), warehouse=self._built, workers=1), Lines())

    def copy_build(self, warehouse: Path) -> None:
        """Make a warehouse of the archive as it was made."""
        shutil.copytree(self._built, warehouse, symlinks=True, dirs_exist_ok=True)


@pytest.fixture(scope="session")
def twelve(tmp_path_factory: pytest.TempPathFactory) -> Twelve:
    return Twelve(tmp_path_factory.mktemp("twelve"))


@pytest.fixture
def archive(twelve: Twelve) -> GitArchive:
    """An archive of twelve releases, to edit."""
    return twelve.copy()


FirstBuild = Callable[[Path], None]


@pytest.fixture
def first_build(archive: GitArchive, twelve: Twelve) -> FirstBuild:
    """Makes a warehouse of the archive before it is edited, by copying one: `first_build(warehouse)`."""
    twelve.build()
    return twelve.copy_build


Refresh = Callable[..., Outcome]


@pytest.fixture
def run(tmp_path: Path) -> Refresh:
    """Refreshes the warehouse of this test: `run(source, **settings)`."""

    def refresh_warehouse(
        source: Path | str,
        warehouse: str = "warehouse",
        *,
        rebuild: bool = False,
        dry_run: bool = False,
        allow: Iterable[str] = (),
        **settings: object,
    ) -> Outcome:
        values = {"source": str(source), "warehouse": tmp_path / warehouse, "workers": 1, **settings}
        return refresh(Settings(**values), Lines(), rebuild=rebuild, dry_run=dry_run, allow=frozenset(allow))  # type: ignore[arg-type]

    return refresh_warehouse


@pytest.fixture(scope="session")
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty warehouse in memory; tests only ask it."""
    with empty_build() as connection:
        yield connection


Once = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Make a folder once for all processes of a test run: `once(name, make)` returns it, finished.

    The first process that asks makes the folder, the others wait. Tests only read it.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # the processes of pytest-xdist share it, and each run has a new one

    def make_once(name: str, make: Callable[[Path], object]) -> Path:
        made, finished = folder / f"shared-{name}", folder / f"shared-{name}.finished"
        with FileLock(folder / f"shared-{name}.lock"):
            if not finished.exists():
                shutil.rmtree(made, ignore_errors=True)  # what a failed attempt left
                make(made)
                finished.touch()
        return made

    return make_once


@pytest.fixture(scope="session")
def sample(once: Once) -> Settings:
    """Settings of a warehouse that holds the sample; tests only read it."""

    def make(folder: Path) -> None:
        refresh(Settings(source=str(SAMPLE), warehouse=folder / "warehouse", workers=1), Lines())

    return Settings(source=str(SAMPLE), warehouse=once("sample", make) / "warehouse", workers=1)


@pytest.fixture(scope="session")
def bundle() -> Path:
    """The real archive."""
    if not BUNDLE.exists():
        pytest.skip(f"the real archive is not at {BUNDLE.relative_to(ROOT.parent)}")
    return BUNDLE


@pytest.fixture(scope="session")
def environment(once: Once) -> Callable[..., Path]:
    """Install packages into an environment of their own: `environment(name, *words)` returns its folder of programs.

    The words are those of `uv pip install`. uv keeps what it downloads, so a later test run installs within seconds.
    """
    uv = [sys.executable, "-m", "uv"]

    def make_environment(name: str, *words: str | Path) -> Path:
        def make(folder: Path) -> None:
            subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
            python = folder / "bin" / "python"
            done = subprocess.run(
                [*uv, "pip", "install", "--quiet", "--python", python, *words],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr

        return once(f"environment-{name}", make) / "bin"

    return make_environment


class Postgresql:
    """A server of Debian's PostgreSQL in a folder of its own, on the loopback interface, for a user with a password."""

    password = "pass/word@%"  # with characters that an address needs in another form

    def __init__(self, programs: Path, folder: Path, data: Path | None = None) -> None:
        self._programs = programs
        self.folder = folder
        self.data = data or folder / "data"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        (folder / "password").write_text(self.password, encoding="utf-8")
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            for path in (folder, folder / "password", self.data.parent):
                shutil.chown(path, "nobody")
        self._run("initdb", "--username=owner", f"--pwfile={folder}/password", "--auth=scram-sha-256",
                  "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")  # fmt: skip
        options = {"port": self.port, "listen_addresses": "'127.0.0.1'", "unix_socket_directories": f"'{folder}'",
                   "fsync": "off", "max_wal_size": "'64MB'", "wal_level": "minimal", "max_wal_senders": 0}  # fmt: skip
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in options.items())

    def address(self, database: str = "postgres", user: str = "owner", password: str = password) -> str:
        return f"postgresql://{user}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        self._run("pg_ctl", f"--log={self.folder}/log", "--wait", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server: `fast`, or `immediate` as in a power cut."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", f"--mode={mode}", "--wait", "stop")

    def ask(self, sql: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run SQL in a transaction of its own; give its rows."""
        from adbc_driver_postgresql import dbapi

        with dbapi.connect(self.address(database), autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []

    def _run(self, program: str, *words: str) -> None:
        as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
        done = subprocess.run(
            [*as_nobody, self._programs / program, f"--pgdata={self.data}", *words],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgresql]:
    """A running PostgreSQL server; each test uses a schema or a database of its own."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        pytest.skip("Debian's package postgresql is not installed")
    with tempfile.TemporaryDirectory(prefix="beehive-postgresql-") as name:  # which other users may enter
        server = Postgresql(found[-1], Path(name))
        try:
            server.start()
            yield server
        finally:
            server.stop("immediate")


def words(body: str) -> list[str]:
    """The words of a text."""
    return keep_words(body).split()
