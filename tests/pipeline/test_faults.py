"""What readers see after a fault, and what the next run does: a kill at any step, a full disk, broken files, clocks.

Each trial has a warehouse of its own, so that two run at once while the tests wait for them in turn. BEEHIVE_FAULTS=all
kills at every step that finds something else on disk than the one before it, and runs the trials that are left out by
default because another one is much like them.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows import sqlfiles
from flows.settings import Settings
from flows.state import read_published
from flows.status import read_status
from tests.conftest import ROOT, GitArchive, release_path, release_text
from tests.pipeline.test_processes import beehive
from tests.pipeline.test_refresh import contents

ALL = os.environ.get("BEEHIVE_FAULTS") == "all"
PARTS = 4  # of the steps of a refresh; one kill in each, unless there is one at every step
AT_ONCE = 2

# Each of these is the command line, with a fault built into the process around it.

# Counts its steps: every change to the file system that Python makes, every process it starts, and every line of
# flows/ that calls DuckDB. Kills itself just before step KILL_AT, a number or the name of one (a regular
# expression); if that is 0, writes down each step and what is on disk before it.
_STEPS = """
import ast, os, re, sys
from pathlib import Path
import flows
from flows.cli import main

CHANGES = ("os.rename", "os.remove", "os.link", "os.symlink", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate")
CALLS = {"connect", "execute", "executemany", "begin", "commit", "close", "register", "table"}
kill_at, log, count = os.environ["KILL_AT"], open(os.environ["STEPS"], "w"), 0
warehouse = sys.argv[sys.argv.index("--warehouse") + 1]

def on_disk():
    paths = [os.path.join(folder, name) for folder, _, names in os.walk(warehouse) for name in (".", *names)]
    return hash(tuple((path, (found := os.lstat(path)).st_size, found.st_mtime_ns) for path in sorted(paths)))

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
for path in Path(flows.__file__).parent.glob("*.py"):
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
_FULL = """
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
_VANISH = """
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
_ORPHANS = """
import os, threading, time
from pathlib import Path
from flows.cli import main

def kill_when_two_work():
    while sum("spawn_main" in Path(f"/proc/{child}/cmdline").read_text() for task in os.listdir("/proc/self/task")
              for child in Path(f"/proc/self/task/{task}/children").read_text().split()) < 2:
        time.sleep(0.01)
    time.sleep(float(os.environ["AFTER"]))
    (os.killpg if os.environ["SIGNAL"] == "2" else os.kill)(os.getpid(), int(os.environ["SIGNAL"]))

threading.Thread(target=kill_when_two_work, daemon=True).start()
main()
"""

# Runs with a clock that is CLOCK seconds off.
_CLOCK = """
import os
from datetime import UTC, datetime, timedelta
from flows import pipeline, staging
from flows.cli import main

now = lambda: datetime.now(UTC) + timedelta(seconds=float(os.environ["CLOCK"]))
pipeline._now, staging._now = now, lambda: now().replace(tzinfo=None)
main()
"""


def run_child(code: str, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line as `code` runs it, in a process of its own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("BEEHIVE_", "PREFECT_"))}
    return subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False, cwd=ROOT,
        env={**kept, **environment},
    )  # fmt: skip


# ------------------------------------------------------------------------------------------- what is seen

Build = tuple[str, int]  # build id, releases


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
    assert {f"{path.parent.name}.{path.stem}" for path in folder.glob("*/*.parquet")} == {
        file.qualified for file in (*sqlfiles.tables(), *sqlfiles.views())
    }
    with duckdb.connect() as reader:
        build = reader.execute(f"select build_id, release_count from '{folder}/main/build_info.parquet'").fetchall()
        counted = reader.execute(f"select count(*) from '{folder}/main/releases.parquet'").fetchall()
    assert [(count,) for _, count in build] == counted
    assert folder.name == f"parquet-{build[0][0]}"
    return build[0]


def releases_of(warehouse: Path) -> dict[str, list[tuple]]:
    """What does not depend on which build was published before."""
    return {name: rows for name, rows in contents(warehouse).items() if name != "main.changes"}


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
    kept = {"archives", "beehive.duckdb", "builds", "parquet", "published.json", "staging.duckdb", "writer.lock"}
    kept |= {"staging.duckdb.wal"}  # read when the file is next opened; a run that finds nothing new does not open it
    found = [path.name for path in warehouse.iterdir() if path.name not in kept and path.name[:8] != "parquet-"]
    found += [path.name for path in (warehouse / "archives").glob("*") if path.suffix != ".git"]
    found += [str(path) for name in ("*.lock", "tmp_*") for path in (warehouse / "archives").rglob(name)]
    found += [path.name for path in sorted(warehouse.glob("parquet-*"))[2:]]  # the present one and the one before
    return found


# ------------------------------------------------------------------------------------------------ trials


@dataclass(frozen=True)
class World:
    """An archive, a warehouse with its state before the last commit, and what an undisturbed run makes of the last."""

    source: Path
    before: Path
    expected: dict[str, list[tuple]]
    old: Build
    steps: dict[bool, list[str]]  # of the first refresh and of one over a build: "what is on disk, name of the step"

    def refresh(self, warehouse: Path, *, first: bool = False) -> tuple[str, ...]:
        """The words that refresh a warehouse, made anew for one trial, to the last commit."""
        if not first:
            shutil.copytree(self.before, warehouse, symlinks=True)
        return ("refresh", "--source", str(self.source), "--warehouse", str(warehouse))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("world")
    archive, before, after = GitArchive(folder / "archive"), folder / "before", folder / "after"
    for month in range(1, 13):
        date = f"2003-{month:02}-17"
        archive.write(
            release_path(date, f"release-{month}"), release_text(f"Release {month}", date, f"release-{month}")
        )
    archive.commit()
    assert beehive("refresh", "--source", str(archive.path), "--warehouse", str(before)).returncode == 0
    archive.write(release_path("2004-01-01", "new"), release_text("New", "2004-01-01", "new"))
    archive.write(release_path("2004-01-02", "newer"), release_text("Newer", "2004-01-02", "newer"))
    archive.write(release_path("2003-06-17", "release-6"), release_text("Edited", "2003-06-17", "release-6"))
    (archive.path / release_path("2003-05-17", "release-5")).unlink()
    archive.commit()
    old = published(before)
    assert old is not None and old[1] == 12
    world = World(archive.path, before, {}, old, {})

    def count(first: bool) -> list[str]:
        log, warehouse = folder / f"steps-{first}", after if first else folder / "counted"
        done = run_child(_STEPS, *world.refresh(warehouse, first=first), KILL_AT="0", STEPS=str(log))
        assert done.returncode == 0, done.stderr
        assert left_over(warehouse) == []
        return log.read_text().splitlines()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        world.steps.update(zip((True, False), pool.map(count, (True, False)), strict=True))
    world.expected.update(releases_of(after))
    return world


Trial = Callable[[World, Path, Any], None]
_TRIALS: dict[str, Callable[[World, Path], None]] = {}


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, world: World, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[None]]]:
    """How each of the selected trials goes."""
    wanted = [item.name for item in request.session.items if item.name in _TRIALS]

    def run(name: str) -> None:
        folder = tmp_path_factory.mktemp("trial")
        try:
            _TRIALS[name](world, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {name: pool.submit(run, name) for name in wanted}
        pool.shutdown(cancel_futures=True)


def trials(
    cases: Mapping[str, Any], *, more: Mapping[str, Any] | None = None, known: Mapping[str, str] | None = None
) -> Callable[[Trial], Callable[..., None]]:
    """Makes a test for each case of a trial, with `more` where all are wanted; `known` faults are expected to fail."""
    chosen = {**cases, **((more or {}) if ALL else {})}
    marks = {name: [pytest.mark.xfail(reason=reason)] for name, reason in (known or {}).items()}

    def make(trial: Trial) -> Callable[..., None]:
        _TRIALS.update((f"{trial.__name__}[{name}]", partial(trial, case=case)) for name, case in chosen.items())

        @pytest.mark.parametrize("case", [pytest.param(name, id=name, marks=marks.get(name, [])) for name in chosen])
        def test(case: str, outcomes: dict[str, Future[None]]) -> None:
            outcomes[f"{trial.__name__}[{case}]"].result()

        return test

    return make


def succeeds(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stderr.strip().splitlines()[-1]


def serves_the_old_build(world: World, warehouse: Path) -> None:
    assert published(warehouse) == parquet(warehouse) == world.old


def heals(world: World, warehouse: Path) -> None:
    """The next run needs no help, publishes what an undisturbed run does, and leaves nothing behind."""
    succeeds(beehive("refresh", "--source", str(world.source), "--warehouse", str(warehouse)))
    assert releases_of(warehouse) == world.expected
    assert published(warehouse) == parquet(warehouse)
    assert left_over(warehouse) == []
    assert read_status(Settings(warehouse=warehouse)).problems == []


def fails_in_a_sentence(done: subprocess.CompletedProcess[str], code: int, *said: str) -> None:
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr.strip().splitlines()[-1]
    (sentence,) = [line for line in done.stderr.splitlines() if line.startswith("beehive: ")]
    assert all(words in sentence for words in said), sentence


# ------------------------------------------------------------------------------------------------- kills


@trials(
    {
        f"{what}, part {part + 1}": (first, part)
        for part in range(PARTS)
        for first, what in ((True, "the first"), (False, "over a build"))
    }
)
def test_a_refresh_killed_at_any_step_leaves_a_whole_build_and_the_next_run_heals(
    world: World, folder: Path, case: tuple[bool, int]
) -> None:
    first, part = case
    states, names = zip(*(line.split(" ", 1) for line in world.steps[first]), strict=True)
    assert len(names) > 300
    assert {"git fetch", "os.rename beehive.building.duckdb", "os.rename published.json.new"} <= set(names)
    # A kill leaves what is on disk, so that a step which finds there what the one before found needs none of its own.
    numbers = [number for number, state in enumerate(states, start=1) if state not in states[number - 2 : number - 1]]
    share = numbers[part * len(numbers) // PARTS : (part + 1) * len(numbers) // PARTS]
    old = None if first else world.old
    faults = []
    for number in share if ALL else share[-1:]:
        warehouse, reached = folder / str(number), folder / "reached"
        refresh = world.refresh(warehouse, first=first)
        killed = run_child(_STEPS, *refresh, KILL_AT=str(number), STEPS=str(reached))
        assert killed.returncode == -9, killed.stderr
        try:
            file, files = published(warehouse), parquet(warehouse)
            for seen in (file, files):
                assert seen == old or (seen is not None and seen[1] == 13 and seen != old)
            assert files in (old, file)  # never ahead of the file
            heals(world, warehouse)
        except (AssertionError, OSError, duckdb.Error) as error:
            faults.append(f"killed before step {number}, {reached.read_text().strip()}: {str(error).splitlines()[0]}")
        shutil.rmtree(warehouse)
    assert faults == [], "\n".join(faults)


@trials(
    {"between the file and the link": "os.rename parquet.new"},
    more={"before the record": "open published.json.new"},
)
def test_a_kill_after_the_new_build_is_in_place_does_not_hide_that_the_source_went_back(
    world: World, folder: Path, case: str
) -> None:
    archive, warehouse = GitArchive(folder / "archive"), folder / "w"
    refresh = ("refresh", "--source", str(archive.path), "--warehouse", str(warehouse))
    for title in ("One", "Two", "Three"):
        archive.write(release_path("2003-06-17", "one"), release_text(title, "2003-06-17", "one"))
        archive.commit()
        if title != "Three":
            succeeds(beehive(*refresh))
    size = (warehouse / "beehive.duckdb").stat().st_size
    killed = run_child(_STEPS, *refresh, KILL_AT=case, STEPS=str(folder / "reached"))
    assert (killed.returncode, titles(warehouse)) == (-9, ["Three"]), killed.stderr
    assert (warehouse / "beehive.duckdb").stat().st_size == size  # so that its size does not tell one from the other
    archive.git("reset", "--quiet", "--hard", "HEAD~1")
    succeeds(beehive(*refresh))
    assert titles(warehouse) == ["Two"]


def _alive(group: int) -> list[str]:
    """The command lines of the processes of a group that have not ended."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            state, _, of = (process / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(of) == group and state != "Z":
                found.append((process / "cmdline").read_text().replace("\0", " "))
    return found


@trials(
    {
        "killed": (signal.SIGKILL, 0.3),
        "Ctrl-C while they start": (signal.SIGINT, 0),
        "Ctrl-C while they parse": (signal.SIGINT, 0.7),
    },
)
def test_workers_end_with_a_refresh_and_say_nothing(
    world: World, folder: Path, case: tuple[signal.Signals, float]
) -> None:
    if not Path("/proc/self/task").exists():
        pytest.skip("the processes of a group are looked up in /proc")
    releases = folder / "source" / "releases" / "2003" / "06"
    releases.mkdir(parents=True)
    for number in range(2_001):
        (releases / f"2003-06-17-{number}.md").write_text(release_text(slug=str(number)))
    words = ("refresh", "--source", str(folder / "source"), "--warehouse", str(folder / "w"))
    process = subprocess.Popen(
        [sys.executable, "-c", _ORPHANS, *words], cwd=ROOT, start_new_session=True, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "BEEHIVE_WORKERS": "2", "SIGNAL": str(case[0].value), "AFTER": str(case[1])},
    )  # fmt: skip
    try:
        _, said = process.communicate(timeout=60)
        assert (process.returncode, "Traceback" in said) == (-9 if case[0] == signal.SIGKILL else 130, False), said
        end = time.monotonic() + 5
        while _alive(process.pid) and time.monotonic() < end:
            time.sleep(0.1)
        assert _alive(process.pid) == []
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


# --------------------------------------------------------------------------------------------- the clone


@trials(
    {"a branch": "refs/heads/main.lock", "HEAD": "HEAD.lock"},
    more={"packed refs": "packed-refs.lock"},
)
def test_a_lock_of_a_git_that_was_killed_with_the_refresh_does_not_stop_the_next_run(
    world: World, folder: Path, case: str
) -> None:
    world.refresh(folder / "w")
    (clone,) = (folder / "w" / "archives").iterdir()
    (clone / case).touch()
    heals(world, folder / "w")


@trials(
    {"before HEAD is set": "git symbolic-ref", "before it is in place": "os.rename .*new"},
)
def test_a_clone_whose_making_was_cut_short_means_by_head_what_the_source_does(
    world: World, folder: Path, case: str
) -> None:
    refresh = world.refresh(folder / "w", first=True)
    assert run_child(_STEPS, *refresh, KILL_AT=case, STEPS=str(folder / "reached")).returncode == -9
    succeeds(beehive(*refresh, "--ref", "HEAD~1"))
    heals(world, folder / "w")


def _cut(path: Path, size: int) -> None:
    path.chmod(0o644)
    os.truncate(path, size)


@trials(
    {
        "every object is gone": lambda clone: shutil.rmtree(clone / "objects"),
        "an object is cut off": lambda clone: _cut(sorted(path for path in clone.glob("objects/??/*"))[0], 10),
        "a branch is empty": lambda clone: _cut(clone / "refs" / "heads" / "main", 0),
    },
)
def test_a_damaged_clone_is_made_anew(world: World, folder: Path, case: Callable[[Path], None]) -> None:
    world.refresh(folder / "w")
    (clone,) = (folder / "w" / "archives").iterdir()
    case(clone)
    heals(world, folder / "w")


# --------------------------------------------------------------------------------------------- full disks


@contextmanager
def _disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"a tmpfs cannot be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@trials(
    {
        "before it starts": ("start", 0),
        "in extract": ("extract", 0),
        "in parse": ("parse", 0),
        "in load": ("load", 0),
        "in check": ("check", 0),
        "in publish": ("publish", 0),
        "after publish": ("end", 0),
    },
    more={"in extract, nearly": ("extract", 20_000), "in load, nearly": ("load", 300_000)},
)
def test_a_disk_that_fills_up_is_a_sentence_in_any_stage_and_the_next_run_heals(
    world: World, folder: Path, case: tuple[str, int]
) -> None:
    stage, spare = case
    with _disk(folder / "disk") as disk:
        filler = disk / "filler"
        done = run_child(_FULL, *world.refresh(disk / "w"), STAGE=stage, SPARE=str(spare), FILLER=str(filler))
        fails_in_a_sentence(done, 2, f"The disk of {disk / 'w'} is full")
        if stage != "end":
            serves_the_old_build(world, disk / "w")
        else:
            assert "unchanged" not in done.stderr  # the new build stands, and only its record is missing
        filler.unlink()
        heals(world, disk / "w")


# ------------------------------------------------------------------------------------------- broken files


def _overwrite(path: Path, start: float, size: int = 4096) -> None:
    """Writes over a part of a file; `start` is a share of it."""
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(int(path.stat().st_size * start))
        file.write(os.urandom(size))


def _set_version(staging: Path, version: int) -> None:
    with duckdb.connect(str(staging)) as connection:
        connection.execute("update schema_version set version = $1", [version])


@trials(
    {
        "from an older version": lambda path: _set_version(path, 1),
        "cut to half": lambda path: _cut(path, path.stat().st_size // 2),
        "overwritten in its middle": lambda path: _overwrite(path, 0.5, 400_000),
        "with a log of something else": lambda path: Path(f"{path}.wal").write_bytes(os.urandom(5000)),
    },
    more={
        "empty": lambda path: _cut(path, 0),
        "overwritten at its start": lambda path: _overwrite(path, 0),
        "gone, but for its log": lambda path: path.replace(f"{path}.wal"),
        "a folder": lambda path: (path.unlink(), path.mkdir()),
    },
)
def test_a_broken_staging_file_is_made_anew(world: World, folder: Path, case: Callable[[Path], object]) -> None:
    world.refresh(folder / "w")
    staging = folder / "w" / "staging.duckdb"
    case(staging)
    refresh = ("refresh", "--source", str(world.source), "--warehouse", str(folder / "w"))
    done = beehive(*refresh)
    if done.returncode:  # damage that shows only when a table is read ends the run that meets it
        serves_the_old_build(world, folder / "w")
        fails_in_a_sentence(done, 2, str(staging))
        succeeds(beehive(*refresh))
    unreadable = staging.with_name("staging.duckdb.unreadable")  # the one thing that is left, to look at
    if unreadable.is_dir():
        unreadable.rmdir()
    unreadable.unlink(missing_ok=True)
    assert releases_of(folder / "w") == world.expected
    assert left_over(folder / "w") == []


@trials({"its schema": 99})
def test_a_staging_file_of_a_newer_version_is_refused_in_a_sentence(world: World, folder: Path, case: int) -> None:
    refresh = world.refresh(folder / "w")
    _set_version(folder / "w" / "staging.duckdb", case)
    fails_in_a_sentence(beehive(*refresh), 2, "staging.duckdb was written by a newer version", "remove the file")
    serves_the_old_build(world, folder / "w")
    (problem,) = read_status(Settings(warehouse=folder / "w")).problems  # though it could not be logged
    assert "written by a newer version" in problem
    (folder / "w" / "staging.duckdb").unlink()
    heals(world, folder / "w")


def _log_of_a_killed_writer(path: Path) -> None:
    """Leaves a log beside the file, as a process does that opened it read-write, changed it and was killed."""
    path.chmod(0o644)
    code = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); c.execute('pragma disable_checkpoint_on_shutdown'); "
        "c.execute('update core.fact_release set title = 1'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert Path(f"{path}.wal").stat().st_size > 0


def _log_of_another_file(path: Path) -> None:
    """Leaves a log beside the file that is not of it."""
    other = path.with_name("other.duckdb")
    duckdb.connect(str(other)).execute("create schema core; create table core.fact_release (title varchar)").close()
    with duckdb.connect(str(other)) as connection:
        connection.execute("insert into core.fact_release values ('x')")
    _log_of_a_killed_writer(other)
    Path(f"{other}.wal").replace(f"{path}.wal")
    other.unlink()


@trials(
    {
        "empty": lambda path: _cut(path, 0),
        "cut to half": lambda path: _cut(path, path.stat().st_size // 2),
        "with a log of its own": _log_of_a_killed_writer,
    },
    more={
        "gone": lambda path: path.unlink(),
        "overwritten in its middle": lambda path: _overwrite(path, 0.4, 2_000_000),
        "with a log of something else": _log_of_another_file,
    },
)
def test_a_broken_published_file_is_replaced(world: World, folder: Path, case: Callable[[Path], None]) -> None:
    world.refresh(folder / "w")
    case(folder / "w" / "beehive.duckdb")
    heals(world, folder / "w")


@trials(
    {"of its own": _log_of_a_killed_writer, "of something else": _log_of_another_file},
)
def test_a_log_beside_the_published_file_is_removed_though_the_source_is_the_same(
    world: World, folder: Path, case: Callable[[Path], None]
) -> None:
    shutil.copytree(world.before, folder / "w", symlinks=True)
    case(folder / "w" / "beehive.duckdb")
    parent = subprocess.run(
        ["git", "rev-parse", "HEAD~1"], cwd=world.source, capture_output=True, text=True, check=True
    ).stdout.strip()
    succeeds(beehive("refresh", "--source", str(world.source), "--ref", parent, "--warehouse", str(folder / "w")))
    with duckdb.connect(str(folder / "w" / "beehive.duckdb"), read_only=True) as reader:
        assert reader.execute("select count(*) from releases where title like 'Release %'").fetchall() == [(12,)]
    assert left_over(folder / "w") == []


def test_a_record_that_is_missing_or_broken_is_no_record(world: World, tmp_path: Path) -> None:
    shutil.copytree(world.before, tmp_path / "w", symlinks=True)
    record = tmp_path / "w" / "published.json"
    good = record.read_text()
    assert read_published(tmp_path / "w") is not None
    for broken in (None, b"", good[: len(good) // 2].encode(), os.urandom(300), b"[]", b"null"):
        record.unlink() if broken is None else record.write_bytes(broken)
        assert read_published(tmp_path / "w") is None, broken
        (problem,) = read_status(Settings(warehouse=tmp_path / "w")).problems
        assert "run `beehive refresh`" in problem


def test_a_record_without_its_time_is_no_record(world: World, tmp_path: Path) -> None:
    shutil.copytree(world.before, tmp_path / "w", symlinks=True)
    record = tmp_path / "w" / "published.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"checked_at": None}))
    assert read_status(Settings(warehouse=tmp_path / "w")).problems != []


def _record_with_unknown_keys(warehouse: Path) -> None:
    record = warehouse / "published.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"format": 2}))


def _marks_of_a_dead_process(warehouse: Path) -> None:
    (warehouse / "writer.txt").write_text("process 999999999 since 2001-01-01 00:00:00 UTC\n")
    (warehouse / "writer.lock").write_text("999999999\n")


def _half_a_build(warehouse: Path) -> None:
    for name in ("beehive.building.duckdb", "beehive.building.duckdb.wal", "published.json.new"):
        (warehouse / name).write_bytes(b"half")
    for name in ("parquet.building/core", "parquet-19990101T000000Z-00000000/core", "tmp"):
        (warehouse / name).mkdir(parents=True)
        (warehouse / name / "half").write_bytes(b"half")
    (warehouse / "parquet.new").symlink_to("nowhere")


@trials(
    {"half a build": _half_a_build, "the marks of a dead process": _marks_of_a_dead_process},
    more={
        "a record with unknown keys": _record_with_unknown_keys,
        "a record cut off": lambda warehouse: _cut(warehouse / "published.json", 50),
        "an empty Parquet folder": lambda warehouse: shutil.rmtree((warehouse / "parquet").resolve()),
    },
)
def test_what_another_run_left_does_not_stop_the_next(world: World, folder: Path, case: Callable[[Path], None]) -> None:
    world.refresh(folder / "w")
    case(folder / "w")
    heals(world, folder / "w")


# ------------------------------------------------------------------------------------------------- sources


@trials(
    {"while it is listed": "listed", "while it is read": "read"},
    more={"before it is read": "parse"},
)
def test_a_directory_that_vanishes_is_a_sentence_and_the_next_run_heals(world: World, folder: Path, case: str) -> None:
    source = folder / "source"
    shutil.copytree(world.source / "releases", source / "releases")
    shutil.copytree(world.before, folder / "w", symlinks=True)
    for edited in (source / "releases").rglob("*.md"):  # so that all are read
        edited.write_text(edited.read_text().replace("A body.", "Another body."))
    refresh = ("refresh", "--source", str(source), "--warehouse", str(folder / "w"))
    shutil.copytree(source, folder / "spare")
    done = run_child(_VANISH, *refresh, VANISHING=str(source / "releases"), WHEN=case)
    fails_in_a_sentence(done, 2, str(source))
    serves_the_old_build(world, folder / "w")
    shutil.rmtree(source)
    (folder / "spare").rename(source)
    succeeds(beehive(*refresh))
    seen = published(folder / "w")
    assert seen is not None and seen[1] == 13
    assert left_over(folder / "w") == []


@trials({"before it is parsed": "parse"})
def test_a_clone_that_vanishes_is_a_sentence_and_the_next_run_heals(world: World, folder: Path, case: str) -> None:
    refresh = world.refresh(folder / "w")
    (clone,) = (folder / "w" / "archives").iterdir()
    done = run_child(_VANISH, *refresh, VANISHING=str(clone / "objects"), WHEN=case)
    fails_in_a_sentence(done, 2)
    serves_the_old_build(world, folder / "w")
    heals(world, folder / "w")


@trials({"half its files are gone": False, "the bundle is cut to half": True})
def test_an_archive_cut_to_half_is_refused(world: World, folder: Path, case: bool) -> None:
    warehouse = folder / "w"
    shutil.copytree(world.before, warehouse, symlinks=True)
    if case:
        source = folder / "archive.bundle"
        subprocess.run(["git", "bundle", "create", "--quiet", source, "main"], cwd=world.source, check=True)
        _cut(source, source.stat().st_size // 2)
        refresh = ("refresh", "--source", str(source), "--warehouse", str(warehouse))
        fails_in_a_sentence(beehive(*refresh), 2, str(source))
        serves_the_old_build(world, warehouse)
        return
    source = folder / "half"
    shutil.copytree(world.source / "releases", source / "releases")
    for path in sorted(source.rglob("*.md"))[1::2]:
        path.unlink()
    refresh = ("refresh", "--source", str(source), "--warehouse", str(warehouse))
    fails_in_a_sentence(beehive(*refresh), 1, "of the 12 published releases would be gone", "--allow-shrink")
    serves_the_old_build(world, warehouse)
    assert "refused" in "".join(read_status(Settings(warehouse=warehouse)).problems)
    succeeds(beehive(*refresh, "--allow-shrink"))
    seen = published(warehouse)
    assert seen is not None and seen[1] == 7
    assert read_status(Settings(warehouse=warehouse)).problems == []


# -------------------------------------------------------------------------------------------------- clocks


def _at(hours: float, warehouse: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs as if it were so many hours later."""
    done = run_child(_CLOCK, *words, CLOCK=str(hours * 3600), BEEHIVE_KEEP_BUILDS="1")
    if done.returncode == 0:
        now = time.time() + hours * 3600
        os.utime(warehouse / "beehive.duckdb", (now, now))
        record = warehouse / "published.json"
        changed_at = (warehouse / "beehive.duckdb").stat().st_mtime_ns
        record.write_text(json.dumps(json.loads(record.read_text()) | {"file_changed_at": changed_at}))
    return done


@trials(
    {"twice": (-1, -2)},
)
def test_a_clock_that_goes_back_does_not_lose_the_build_before(
    world: World, folder: Path, case: tuple[float, ...]
) -> None:
    refresh = world.refresh(folder / "w")
    for hours in case:
        before = published(folder / "w")
        done = _at(hours, folder / "w", *refresh, "--rebuild")
        assert done.returncode == 0, done.stderr
        assert kept_builds(folder / "w") == [before]
    assert releases_of(folder / "w") == world.expected
    assert parquet(folder / "w") == published(folder / "w")
    succeeds(beehive("rollback", "--warehouse", str(folder / "w")))
    assert published(folder / "w") == before


@trials(
    {"a failure after it": (-1, 1), "a failure before it": (1, 0)},
)
def test_a_clock_that_goes_back_does_not_hide_how_the_last_run_ended(
    world: World, folder: Path, case: tuple[float, int]
) -> None:
    hours, problems = case
    refresh = world.refresh(folder / "w")
    failing = [word.replace(str(world.source), str(folder / "nowhere")) for word in refresh]
    assert _at(hours, folder / "w", *failing).returncode == 2
    if hours > 0:
        assert beehive(*refresh).returncode == 0
    assert len(read_status(Settings(warehouse=folder / "w")).problems) == problems
