"""Faults that are built into a process of the command line, and what is seen of a warehouse after them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import chdir
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from flows import pipeline
from flows.load import sqlfiles
from flows.load.parquet import LEFT_OUT, find_files
from flows.settings import Settings
from tests.conftest import ROOT, GitArchive, Lines, release_path, release_text
from tests.pipeline.test_refresh import contents

# Each of these is the command line, with a fault built into the process around it.

# Counts its steps: every change to the file system that Python makes, every process it starts, and every line of
# flows/ that calls DuckDB. Kills itself just before step KILL_AT, a number or the name of one (a regular
# expression); if that is 0, writes down each step and what is on disk before it.
STEPS = """
import ast, os, re, sys
from pathlib import Path
import flows
from flows.cli import main

CHANGES = ("os.rename", "os.remove", "os.link", "os.symlink", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate")
CALLS = {"connect", "execute", "executemany", "begin", "commit", "close", "register", "table"}
kill_at, log, count = os.environ["KILL_AT"], open(os.environ["STEPS"], "w", buffering=1), 0
warehouse = sys.argv[sys.argv.index("--warehouse") + 1]

def on_disk():
    paths = [os.path.join(folder, name) for folder, _, names in os.walk(warehouse) for name in (".", *names)]
    return hash(tuple(filter(None, map(look, sorted(paths)))))

def look(path):
    try:
        found = os.lstat(path)
    except FileNotFoundError:  # the other thread has just removed it
        return None
    return path, found.st_size, found.st_mtime_ns

def step(name):
    global count
    count += 1
    if kill_at == "0":
        print(on_disk(), name, file=log)
    if kill_at == str(count) or re.fullmatch(kill_at, name):
        print(name, file=log, flush=True)
        os.kill(os.getpid(), 9)

def audit(event, arguments):
    if event == "subprocess.Popen":
        step("git " + next(word for word in arguments[1][1:] if re.fullmatch("[a-z]+(-[a-z]+)*", word)))
    elif event in CHANGES or event.startswith("shutil."):
        step(f"{event} {Path(str(arguments[0])).name}")
    elif event == "open" and isinstance(arguments[0], str) and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        step(f"open {Path(arguments[0]).name}")

lines = {}
for path in Path(flows.__file__).parent.rglob("*.py"):
    calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    lines[str(path)] = {node.lineno for node in calls if getattr(node.func, "attr", "") in CALLS}

def trace_line(frame, event, _):
    if event == "line" and frame.f_lineno in lines[frame.f_code.co_filename]:
        step(f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}")
    return trace_line

sys.addaudithook(audit)
sys.settrace(lambda frame, event, _: trace_line if frame.f_code.co_filename in lines else None)
main()
"""

# Fills the disk, but for SPARE bytes, when stage STAGE begins ("start": before anything does; "end": after the last).
FULL = """
import os
from functools import partial
from flows import pipeline
from flows.cli import main

def fill():
    with open(os.environ["FILLER"], "wb", buffering=0) as file:
        for size in (1 << 20, 4096):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
        file.truncate(file.tell() - int(os.environ["SPARE"]))

def run_stage(name, stage):
    if name == os.environ["STAGE"]:
        fill()
    result = stage()
    if (name, os.environ["STAGE"]) == ("publish", "end"):
        fill()
    return result

if os.environ["STAGE"] == "start":
    fill()
pipeline.refresh = partial(pipeline.refresh, run_stage=run_stage)
main()
"""

# Removes the folder VANISHING when the parser reads its fifth file, or when a stage begins, or while it is listed.
VANISH = """
import os, shutil, sys
from functools import partial
from flows import pipeline
from flows.cli import main

stage_now, seen = "", 0

def audit(event, arguments):
    global seen
    path = str(arguments[0]) if arguments else ""
    if (event, stage_now) == ("open", "parse") and path.endswith(".md"):
        counted = os.environ["WHEN"] == "read"
    else:
        counted = event == "os.scandir" and os.environ["WHEN"] == "listed" and path.startswith(os.environ["VANISHING"])
    seen += counted
    if counted and seen == 5:
        shutil.rmtree(os.environ["VANISHING"])

def run_stage(name, stage):
    global stage_now
    stage_now = name
    if name == os.environ["WHEN"]:
        shutil.rmtree(os.environ["VANISHING"])
    return stage()

sys.addaudithook(audit)
pipeline.refresh = partial(pipeline.refresh, run_stage=run_stage)
main()
"""

# Sends SIGNAL to itself, or to its workers, too, when two of them start (AFTER 0) or parse.
ORPHANS = """
import os, threading, time
from pathlib import Path
from flows.cli import main

def working():
    try:
        return sum("spawn_main" in Path(f"/proc/{child}/cmdline").read_text() for task in os.listdir("/proc/self/task")
                   for child in Path(f"/proc/self/task/{task}/children").read_text().split())
    except OSError:  # a thread or process that has ended meanwhile
        return 0

def kill_when_two_work():
    while working() < 2:
        time.sleep(0.01)
    time.sleep(float(os.environ["AFTER"]))
    (os.killpg if os.environ["SIGNAL"] == "2" else os.kill)(os.getpid(), int(os.environ["SIGNAL"]))

threading.Thread(target=kill_when_two_work, daemon=True).start()
main()
"""

# Runs with a clock that is CLOCK seconds off.
CLOCK = """
import os
from datetime import UTC, datetime, timedelta
from flows import pipeline
from flows.load import staging
from flows.cli import main

now = lambda: datetime.now(UTC) + timedelta(seconds=float(os.environ["CLOCK"]))
pipeline._now, staging._now = now, lambda: now().replace(tzinfo=None)
main()
"""


# A fork of a process that has imported the program, and no more, starts a second of CPU sooner.
_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload([__name__, "flows.cli", "flows.console", "flows.serve.query", "flows.serve.status"])


def run_child(code: str, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line as `code` runs it, in a process of its own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("BEEHIVE_", "PREFECT_"))}
    with TemporaryDirectory() as folder, chdir(ROOT):
        said = [Path(folder, name) for name in ("output", "errors")]
        child = _FORKS.Process(target=_run_here, args=(code, words, {**kept, **environment}, said))
        child.start()
        child.join(timeout=600)  # seconds, on a busy machine
        child.kill()
        child.join()
        return subprocess.CompletedProcess(words, child.exitcode or 0, *(path.read_text() for path in said))


def _run_here(code: str, words: Sequence[str], environment: dict[str, str], said: list[Path]) -> None:
    for number, path in enumerate(said, start=1):
        with path.open("wb") as file:
            os.dup2(file.fileno(), number)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[1:] = words
    exec(code, {"__name__": "__main__"})


def runs(source: Path, warehouse: Path, *, allow: frozenset[str] = frozenset(), **settings: Any) -> None:
    """Refresh in this process, which is faster than in one of its own."""
    pipeline.refresh(Settings(source=str(source), warehouse=warehouse, **settings), Lines(), allow=allow)


Build = tuple[str, int]  # build id, releases


@dataclass(frozen=True)
class World:
    """An archive, a warehouse with its state before the last commit, and what an undisturbed run makes of the last."""

    source: Path
    before: Path
    expected: dict[str, list[tuple]]
    old: Build

    def refresh(self, warehouse: Path, *, first: bool = False) -> tuple[str, ...]:
        """Copy the warehouse for one test; return the words that refresh it to the last commit."""
        if not first:
            shutil.copytree(self.before, warehouse, symlinks=True)
        return ("refresh", "--source", str(self.source), "--warehouse", str(warehouse))


def make_world(folder: Path) -> None:
    """Make an archive in a new folder, and warehouses `before` and `after` its last commit."""
    archive = GitArchive(folder / "archive")
    for month in range(1, 13):
        date = f"2003-{month:02}-17"
        archive.write(
            release_path(date, f"release-{month}"), release_text(f"Release {month}", date, f"release-{month}")
        )
    archive.commit()
    runs(archive.path, folder / "before")
    archive.write(release_path("2004-01-01", "new"), release_text("New", "2004-01-01", "new"))
    archive.write(release_path("2004-01-02", "newer"), release_text("Newer", "2004-01-02", "newer"))
    archive.write(release_path("2003-06-17", "release-6"), release_text("Edited", "2003-06-17", "release-6"))
    (archive.path / release_path("2003-05-17", "release-5")).unlink()
    archive.commit()
    runs(archive.path, folder / "after")


def read_world(folder: Path) -> World:
    """Return what `make_world` made."""
    old = published(folder / "before")
    assert old is not None and old[1] == 12
    return World(folder / "archive", folder / "before", releases_of(folder / "after"), old)


# ------------------------------------------------------------------------------------------- what is seen


def published(warehouse: Path) -> Build | None:
    """The build that a reader of the published file sees, which is whole; None where there is none."""
    if not (warehouse / "beehive.duckdb").exists():
        return None
    with duckdb.connect(str(warehouse / "beehive.duckdb"), read_only=True) as reader:
        build = reader.execute("select build_id, release_count from build_info").fetchall()
        counted = reader.execute("select count(*) from releases").fetchall()
    assert [(count,) for _, count in build] == counted
    return build[0]


def parquet(warehouse: Path) -> Build | None:
    """The build that a reader of the Parquet link sees, which is whole; None where there is none."""
    link = warehouse / "parquet"
    if not link.is_symlink():
        return None
    folder = link.resolve(strict=True)
    for file in (*sqlfiles.tables(), *sqlfiles.views()):
        assert bool(find_files(folder, file.qualified)) == (file.name not in LEFT_OUT), file.qualified
    with duckdb.connect() as reader:
        build = reader.execute(f"select build_id, release_count from '{folder}/main/build_info.parquet'").fetchall()
        counted = reader.execute(f"select count(*) from '{folder}/main/releases/*.parquet'").fetchall()
    assert [(count,) for _, count in build] == counted
    assert folder.name == f"parquet-{build[0][0]}"
    return build[0]


def releases_of(warehouse: Path) -> dict[str, list[tuple]]:
    """The rows of the tables, which views are made from: they do not depend on which build was published before."""
    return contents(warehouse, "core")


def titles(warehouse: Path) -> list[str]:
    with duckdb.connect(str(warehouse / "beehive.duckdb"), read_only=True) as reader:
        return [title for (title,) in reader.execute("select title from releases order by title").fetchall()]


def kept_builds(warehouse: Path) -> list[Build]:
    """The earlier builds, each whole."""
    found = []
    for path in sorted((warehouse / "builds").glob("*")):
        with duckdb.connect(str(path), read_only=True) as reader:
            found += reader.execute("select build_id, release_count from build_info").fetchall()
    return found


def left_over(warehouse: Path) -> list[str]:
    """What no finished run leaves behind."""
    kept = {
        "archives",
        "beehive.duckdb",
        "builds",
        "made.txt",
        "parquet",
        "published.json",
        "staging.duckdb",
        "work.duckdb",
    }
    kept |= {
        "writer.lock",
        "staging.duckdb.wal",
    }  # read when the file is next opened; a run that finds nothing new does not open it
    found = [path.name for path in warehouse.iterdir() if path.name not in kept and path.name[:8] != "parquet-"]
    found += [path.name for path in (warehouse / "archives").glob("*") if path.suffix != ".git"]
    found += [str(path) for name in ("*.lock", "tmp_*") for path in (warehouse / "archives").rglob(name)]
    found += [path.name for path in sorted(warehouse.glob("parquet-*"))[2:]]  # the present one and the one before
    return found
