"""What readers see after a fault, and what the next run does: a kill at any step, a full disk, broken files, clocks.

The first case of each test is part of the quick tests. Of some tests, the other cases take turns: the day decides which
of them are run, so that each is run within a few days. BEEHIVE_FAULTS=all runs them all, kills at every step that finds
something else on disk than the one before it, and runs the cases that are left out by default because another one is
much like them.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.errors import Refused
from flows.load.publish import refuse_if_taken, rollback
from flows.load.state import read_published
from flows.serve.status import read_status
from flows.settings import Settings
from tests.conftest import ALL_GUARDS, ROOT, GitArchive, Once, release_path, release_text
from tests.pipeline.faults import (
    CLOCK,
    FULL,
    ORPHANS,
    STEPS,
    VANISH,
    World,
    kept_builds,
    left_over,
    parquet,
    published,
    releases_of,
    run_child,
    runs,
    titles,
)  # fmt: skip
from tests.pipeline.test_processes import beehive

ALL = os.environ.get("BEEHIVE_FAULTS") == "all"
TODAY = datetime.now(UTC).date().toordinal()

# ------------------------------------------------------------------------------------------------- cases


Steps = Callable[[bool], list[str]]


@pytest.fixture(scope="session")
def steps(world: World, once: Once) -> Steps:
    """Of the first refresh, or of one over a build: "what is on disk, name of the step"."""

    def list_steps(first: bool) -> list[str]:
        def make(folder: Path) -> None:
            folder.mkdir()
            refresh = world.refresh(folder / "warehouse", first=first)
            done = run_child(STEPS, *refresh, KILL_AT="0", STEPS=str(folder / "steps"))
            assert done.returncode == 0, done.stderr
            assert left_over(folder / "warehouse") == []
            assert releases_of(folder / "warehouse") == world.expected

        return (once(f"steps-{first}", make) / "steps").read_text().splitlines()

    return list_steps


def cases(
    cases: Mapping[str, Any], *, a_day: int | None = None, more: Mapping[str, Any] | None = None
) -> pytest.MarkDecorator:
    """Run a test for each case, with `more` where all are wanted; those behind the first are slow.

    If `a_day` is given, so many of those behind the first are run on one day.
    """
    first, *others = cases
    if ALL:
        chosen = {**cases, **(more or {})}
    else:
        chosen = {name: cases[name] for name in [first, *_of_today(others, a_day or len(others))]}
    params = [
        pytest.param(case, id=name, marks=[pytest.mark.slow] if number else [])
        for number, (name, case) in enumerate(chosen.items())
    ]
    return pytest.mark.parametrize("case", params)


def _of_today(cases: list[Any], count: int) -> list[Any]:
    """Return some of the cases, others on another day."""
    return random.Random(TODAY).sample(cases, count)


def succeeds(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stderr.strip().splitlines()[-1]


def serves_the_old_build(world: World, warehouse: Path) -> None:
    assert published(warehouse) == parquet(warehouse) == world.old


def heals(world: World, warehouse: Path) -> None:
    """The next run needs no help, publishes what an undisturbed run does, and leaves nothing behind."""
    runs(world.source, warehouse)
    assert releases_of(warehouse) == world.expected
    assert published(warehouse) == parquet(warehouse)
    assert left_over(warehouse) == []
    assert read_status(Settings(warehouse=warehouse)).problems == []


def fails_in_a_sentence(done: subprocess.CompletedProcess[str], code: int, *said: str) -> None:
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr.strip().splitlines()[-1]
    (sentence,) = [line for line in done.stderr.splitlines() if line.startswith("beehive: ")]
    assert all(words in sentence for words in said), sentence


# ------------------------------------------------------------------------------------------------- kills


@pytest.mark.slow
@cases({"the first": True, "over a build": False})
def test_a_refresh_killed_at_any_step_leaves_a_whole_build_and_the_next_run_heals(
    world: World, steps: Steps, tmp_path: Path, case: bool
) -> None:
    first = case
    states, names = zip(*(line.split(" ", 1) for line in steps(first)), strict=True)
    assert len(names) > 300
    assert {"git fetch", "os.rename beehive.building.duckdb", "os.rename published.json.new"} <= set(names)
    # A kill leaves what is on disk, so that a step which finds there what the one before found needs none of its own.
    numbers = [number for number, state in enumerate(states, start=1) if state not in states[number - 2 : number - 1]]
    old = None if first else world.old
    faults = []
    for number in numbers if ALL else _of_today(numbers, 2):
        warehouse, reached = tmp_path / str(number), tmp_path / "reached"
        refresh = world.refresh(warehouse, first=first)
        killed = run_child(STEPS, *refresh, KILL_AT=str(number), STEPS=str(reached))
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


@pytest.mark.slow
@cases(
    {"between the file and the link": "os.rename parquet.new"},
    more={"before the record": "open published.json.new"},
)
def test_a_kill_after_the_new_build_is_in_place_does_not_hide_that_the_source_went_back(
    world: World, tmp_path: Path, case: str
) -> None:
    archive, warehouse = GitArchive(tmp_path / "archive"), tmp_path / "w"
    refresh = ("refresh", "--source", str(archive.path), "--warehouse", str(warehouse))
    for title in ("One", "Two", "Three"):
        archive.write(release_path("2003-06-17", "one"), release_text(title, "2003-06-17", "one"))
        archive.commit()
        if title != "Three":
            runs(archive.path, warehouse, full_build_every=0)  # an incremental build is larger than the one before
    size = (warehouse / "beehive.duckdb").stat().st_size
    every = {"BEEHIVE_FULL_BUILD_EVERY": "0"}
    killed = run_child(STEPS, *refresh, KILL_AT=case, STEPS=str(tmp_path / "reached"), **every)
    assert (killed.returncode, titles(warehouse)) == (-9, ["Three"]), killed.stderr
    assert (warehouse / "beehive.duckdb").stat().st_size == size  # so that its size does not tell one from the other
    archive.git("reset", "--quiet", "--hard", "HEAD~1")
    runs(archive.path, warehouse)
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


@cases(
    {
        "killed": (signal.SIGKILL, 0.3),
        "Ctrl-C while they start": (signal.SIGINT, 0),
        "Ctrl-C while they parse": (signal.SIGINT, 0.7),
    },
)
def test_workers_end_with_a_refresh_and_say_nothing(
    world: World, tmp_path: Path, case: tuple[signal.Signals, float]
) -> None:
    if not Path("/proc/self/task").exists():
        pytest.skip("the processes of a group are looked up in /proc")
    releases = tmp_path / "source" / "releases" / "2003" / "06"
    releases.mkdir(parents=True)
    for number in range(2_001):
        (releases / f"2003-06-17-{number}.md").write_text(release_text(slug=str(number)))
    words = ("refresh", "--source", str(tmp_path / "source"), "--warehouse", str(tmp_path / "w"))
    process = subprocess.Popen(
        [sys.executable, "-c", ORPHANS, *words], cwd=ROOT, start_new_session=True, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "BEEHIVE_WORKERS": "2", "SIGNAL": str(case[0].value), "AFTER": str(case[1])},
    )  # fmt: skip
    try:
        _, said = process.communicate(timeout=60)
        assert (process.returncode, "Traceback" in said) == (-9 if case[0] == signal.SIGKILL else 130, False), said
        end = time.monotonic() + 30
        while _alive(process.pid) and time.monotonic() < end:
            time.sleep(0.1)
        assert _alive(process.pid) == []
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


# --------------------------------------------------------------------------------------------- the clone


@pytest.mark.slow
@cases(
    {"before HEAD is set": "git symbolic-ref", "before it is in place": "os.rename .*new"},
)
def test_a_clone_whose_making_was_cut_short_means_by_head_what_the_source_does(
    world: World, tmp_path: Path, case: str
) -> None:
    refresh = world.refresh(tmp_path / "w", first=True)
    assert run_child(STEPS, *refresh, KILL_AT=case, STEPS=str(tmp_path / "reached")).returncode == -9
    runs(world.source, tmp_path / "w", ref="HEAD~1")
    heals(world, tmp_path / "w")


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


@cases(
    {
        "in publish": ("publish", 0),
        "before it starts": ("start", 0),
        "in extract": ("extract", 0),
        "in parse": ("parse", 0),
        "in load": ("load", 0),
        "in load, nearly": ("load", 300_000),
        "in check": ("check", 0),
        "after publish": ("end", 0),
    },
    a_day=2,
    more={"in extract, nearly": ("extract", 20_000)},
)
def test_a_disk_that_fills_up_is_a_sentence_in_any_stage_and_the_next_run_heals(
    world: World, tmp_path: Path, case: tuple[str, int]
) -> None:
    stage, spare = case
    with _disk(tmp_path / "disk") as disk:
        filler = disk / "filler"
        done = run_child(FULL, *world.refresh(disk / "w"), STAGE=stage, SPARE=str(spare), FILLER=str(filler))
        fails_in_a_sentence(done, 2, f"The disk of {disk / 'w'} is full")
        if stage != "end":
            serves_the_old_build(world, disk / "w")
        else:
            assert "unchanged" not in done.stderr  # the new build stands, and only its record is missing
        filler.unlink()
        heals(world, disk / "w")


# ------------------------------------------------------------------------------------------- broken files


def _cut(path: Path, size: int) -> None:
    path.chmod(0o644)
    os.truncate(path, size)


def _overwrite(path: Path, start: float, size: int = 4096) -> None:
    """Writes over a part of a file; `start` is a share of it."""
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(int(path.stat().st_size * start))
        file.write(os.urandom(size))


def _give_another_layout(staging: Path) -> None:
    with duckdb.connect(str(staging)) as connection:
        connection.execute("update layout set digest = 'of another version'")


@cases(
    {
        "of another version": _give_another_layout,
        "cut to half": lambda path: _cut(path, path.stat().st_size // 2),
        "overwritten in its middle": lambda path: _overwrite(path, 0.5, 400_000),
        "with a log of something else": lambda path: Path(f"{path}.wal").write_bytes(os.urandom(5000)),
    },
    a_day=1,
    more={
        "empty": lambda path: _cut(path, 0),
        "overwritten at its start": lambda path: _overwrite(path, 0),
        "gone, but for its log": lambda path: path.replace(f"{path}.wal"),
        "a folder": lambda path: (path.unlink(), path.mkdir()),
    },
)
def test_a_broken_staging_file_is_made_anew(world: World, tmp_path: Path, case: Callable[[Path], object]) -> None:
    world.refresh(tmp_path / "w")
    staging = tmp_path / "w" / "staging.duckdb"
    case(staging)
    refresh = ("refresh", "--source", str(world.source), "--warehouse", str(tmp_path / "w"))
    done = beehive(*refresh)
    if done.returncode:  # damage that shows only when a table is read ends the run that meets it
        serves_the_old_build(world, tmp_path / "w")
        fails_in_a_sentence(done, 2, str(staging))
        runs(world.source, tmp_path / "w")
    unreadable = staging.with_name("staging.duckdb.unreadable")  # the one thing that is left, to look at
    if unreadable.is_dir():
        unreadable.rmdir()
    unreadable.unlink(missing_ok=True)
    assert releases_of(tmp_path / "w") == world.expected
    assert left_over(tmp_path / "w") == []


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


@cases(
    {"of its own": _log_of_a_killed_writer, "of something else": _log_of_another_file},
)
def test_a_log_beside_the_published_file_is_removed_though_the_source_is_the_same(
    world: World, tmp_path: Path, case: Callable[[Path], None]
) -> None:
    shutil.copytree(world.before, tmp_path / "w", symlinks=True)
    case(tmp_path / "w" / "beehive.duckdb")
    runs(world.source, tmp_path / "w", ref="HEAD~1")
    with duckdb.connect(str(tmp_path / "w" / "beehive.duckdb"), read_only=True) as reader:
        assert reader.execute("select count(*) from releases where title like 'Release %'").fetchall() == [(12,)]
    assert left_over(tmp_path / "w") == []


def test_a_record_that_is_missing_or_broken_is_no_record(world: World, tmp_path: Path) -> None:
    shutil.copytree(world.before, tmp_path / "w", symlinks=True)
    record = tmp_path / "w" / "published.json"
    good = record.read_text()
    assert read_published(tmp_path / "w") is not None
    no_time = json.dumps(json.loads(good) | {"checked_at": None}).encode()
    for broken in (None, b"", good[: len(good) // 2].encode(), os.urandom(300), b"[]", b"null", no_time):
        record.unlink() if broken is None else record.write_bytes(broken)
        assert read_published(tmp_path / "w") is None, broken
        (problem,) = read_status(Settings(warehouse=tmp_path / "w")).problems
        assert "run `beehive refresh`" in problem


def _record_with_unknown_keys(warehouse: Path) -> None:
    record = warehouse / "published.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"format": 2}))


def _marks_of_a_dead_process(warehouse: Path) -> None:
    (warehouse / "writer.txt").write_text("process 999999999 since 2001-01-01 00:00:00 UTC\n")
    (warehouse / "writer.lock").write_text("999999999\n")


def _half_a_build(warehouse: Path) -> None:
    for name in ("beehive.building.duckdb", "beehive.building.duckdb.wal", "published.json.new"):
        (warehouse / name).write_bytes(b"half")
    older = "parquet-19990101T000000Z-00000000"
    with (warehouse / "made.txt").open("a") as manifest:
        manifest.write(f"{older}\n")
    for name in ("parquet.building/core", f"{older}/core", "beehive.building.duckdb.tmp"):
        (warehouse / name).mkdir(parents=True)
        (warehouse / name / "half").write_bytes(b"half")
    (warehouse / "parquet.new").symlink_to("nowhere")


def _clone(warehouse: Path) -> Path:
    (clone,) = (warehouse / "archives").iterdir()
    return clone


def _cut_an_object(warehouse: Path) -> None:
    _cut(sorted(_clone(warehouse).glob("objects/??/*"))[0], 10)


def _published(path: Path) -> Path:
    return path / "beehive.duckdb"


def _what_a_kill_leaves(path: Path) -> None:
    """Leave locks of git, half a build and the marks of a dead process, each of which is removed by itself."""
    (_clone(path) / "refs/heads/main.lock").touch()
    (_clone(path) / "HEAD.lock").touch()
    _half_a_build(path)
    _marks_of_a_dead_process(path)


@cases(
    {
        "what a kill leaves": _what_a_kill_leaves,
        "the clone, without objects": lambda path: shutil.rmtree(_clone(path) / "objects"),
        "the clone, an object cut off": _cut_an_object,
        "the clone, an empty branch": lambda path: _cut(_clone(path) / "refs/heads/main", 0),
        "the published file, empty": lambda path: _cut(_published(path), 0),
        "the published file, cut to half": lambda path: _cut(_published(path), _published(path).stat().st_size // 2),
        "the published file, with a log of its own": lambda path: _log_of_a_killed_writer(_published(path)),
        "the Parquet, a file gone": lambda path: next((path / "parquet/main/releases").iterdir()).unlink(),
    },
    a_day=3,
    more={
        "the clone, packed refs locked": lambda path: (_clone(path) / "packed-refs.lock").touch(),
        "the published file, gone": lambda path: _published(path).unlink(),
        "the published file, overwritten in its middle": lambda path: _overwrite(_published(path), 0.4, 2_000_000),
        "the published file, with a log of something else": lambda path: _log_of_another_file(_published(path)),
        "a record with unknown keys": _record_with_unknown_keys,
        "a record cut off": lambda path: _cut(path / "published.json", 50),
        "an empty Parquet folder": lambda path: shutil.rmtree((path / "parquet").resolve()),
    },
)
def test_the_next_run_heals_what_is_broken_or_left_behind(
    world: World, tmp_path: Path, case: Callable[[Path], object]
) -> None:
    world.refresh(tmp_path / "w")
    case(tmp_path / "w")
    heals(world, tmp_path / "w")


@pytest.mark.slow
def test_a_folder_in_the_place_of_the_parquet_is_a_sentence_and_stays(world: World, tmp_path: Path) -> None:
    refresh = world.refresh(tmp_path / "w")
    link = tmp_path / "w" / "parquet"
    link.unlink()
    link.mkdir()
    (link / "mine.txt").write_text("mine")
    fails_in_a_sentence(beehive(*refresh), 1, str(link))
    assert (link / "mine.txt").read_text() == "mine"
    assert published(tmp_path / "w") == world.old
    shutil.rmtree(link)
    heals(world, tmp_path / "w")


@pytest.mark.slow
def test_what_an_operator_keeps_in_the_warehouse_stays(world: World, tmp_path: Path) -> None:
    world.refresh(tmp_path / "w")
    mine = ["parquet-export/mine", "builds/beehive-keep.duckdb", "tmp/mine", "archives/new-zealand.git/mine"]
    # As if copied from another warehouse: these names are those of builds, but no refresh of this one made them.
    mine += ["parquet-20200101T000000Z-0123abcd/mine", "builds/beehive-20200101T000000000000Z.duckdb"]
    for name in mine:
        (tmp_path / "w" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "w" / name).write_text("mine")
    runs(world.source, tmp_path / "w", keep_builds=1)
    assert releases_of(tmp_path / "w") == world.expected
    rollback(Settings(warehouse=tmp_path / "w", keep_builds=1))
    assert published(tmp_path / "w") == world.old
    assert [(tmp_path / "w" / name).read_text() for name in mine] == ["mine"] * len(mine)


def test_a_link_or_a_file_of_somebody_in_the_place_of_the_published_file_is_a_sentence(tmp_path: Path) -> None:
    settings = Settings(warehouse=tmp_path / "w")
    settings.warehouse.mkdir()
    (tmp_path / "elsewhere.duckdb").touch()
    settings.published.symlink_to(tmp_path / "elsewhere.duckdb")
    with pytest.raises(Refused, match=r"beehive\.duckdb is a link"):
        refuse_if_taken(settings)
    settings.published.unlink()
    settings.published.write_text("somebody's")
    with pytest.raises(Refused, match=r"beehive\.duckdb is no build of this program.* move it away"):
        refuse_if_taken(settings)
    settings.published.unlink()
    refuse_if_taken(settings)


# ------------------------------------------------------------------------------------------------- sources


@cases(
    {"while it is listed": "listed", "while it is read": "read"},
    more={"before it is read": "parse"},
)
def test_a_directory_that_vanishes_is_a_sentence_and_the_next_run_heals(
    world: World, tmp_path: Path, case: str
) -> None:
    source = tmp_path / "source"
    shutil.copytree(world.source / "releases", source / "releases")
    shutil.copytree(world.before, tmp_path / "w", symlinks=True)
    for edited in (source / "releases").rglob("*.md"):  # so that all are read
        edited.write_text(edited.read_text().replace("A body.", "Another body."))
    refresh = ("refresh", "--source", str(source), "--warehouse", str(tmp_path / "w"))
    shutil.copytree(source, tmp_path / "spare")
    done = run_child(VANISH, *refresh, VANISHING=str(source / "releases"), WHEN=case)
    fails_in_a_sentence(done, 2, str(source))
    serves_the_old_build(world, tmp_path / "w")
    shutil.rmtree(source)
    (tmp_path / "spare").rename(source)
    runs(source, tmp_path / "w")
    seen = published(tmp_path / "w")
    assert seen is not None and seen[1] == 13
    assert left_over(tmp_path / "w") == []


@cases({"before it is parsed": "parse"})
def test_a_clone_that_vanishes_is_a_sentence_and_the_next_run_heals(world: World, tmp_path: Path, case: str) -> None:
    refresh = world.refresh(tmp_path / "w")
    (clone,) = (tmp_path / "w" / "archives").iterdir()
    done = run_child(VANISH, *refresh, VANISHING=str(clone / "objects"), WHEN=case)
    fails_in_a_sentence(done, 2)
    serves_the_old_build(world, tmp_path / "w")
    heals(world, tmp_path / "w")


@cases({"half its files are gone": False, "the bundle is cut to half": True})
def test_an_archive_cut_to_half_is_refused(world: World, tmp_path: Path, case: bool) -> None:
    warehouse = tmp_path / "w"
    shutil.copytree(world.before, warehouse, symlinks=True)
    if case:
        source = tmp_path / "archive.bundle"
        subprocess.run(["git", "bundle", "create", "--quiet", source, "main"], cwd=world.source, check=True)
        _cut(source, source.stat().st_size // 2)
        refresh = ("refresh", "--source", str(source), "--warehouse", str(warehouse))
        fails_in_a_sentence(beehive(*refresh), 2, str(source))
        serves_the_old_build(world, warehouse)
        return
    source = tmp_path / "half"
    shutil.copytree(world.source / "releases", source / "releases")
    for path in sorted(source.rglob("*.md"))[1::2]:
        path.unlink()
    refresh = ("refresh", "--source", str(source), "--warehouse", str(warehouse))
    fails_in_a_sentence(beehive(*refresh), 1, "of 12 (all years)", "--allow releases_gone")
    serves_the_old_build(world, warehouse)
    assert "refused" in "".join(read_status(Settings(warehouse=warehouse)).problems)
    runs(source, warehouse, allow=ALL_GUARDS)
    seen = published(warehouse)
    assert seen is not None and seen[1] == 7
    assert read_status(Settings(warehouse=warehouse)).problems == []


# -------------------------------------------------------------------------------------------------- clocks


def _at(hours: float, warehouse: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs as if it were so many hours later."""
    done = run_child(CLOCK, *words, CLOCK=str(hours * 3600), BEEHIVE_KEEP_BUILDS="1")
    if done.returncode == 0:
        now = time.time() + hours * 3600
        os.utime(warehouse / "beehive.duckdb", (now, now))
        record = warehouse / "published.json"
        changed_at = (warehouse / "beehive.duckdb").stat().st_mtime_ns
        record.write_text(json.dumps(json.loads(record.read_text()) | {"file_changed_at": changed_at}))
    return done


@pytest.mark.slow
@cases(
    {"twice": (-1, -2)},
)
def test_a_clock_that_goes_back_does_not_lose_the_build_before(
    world: World, tmp_path: Path, case: tuple[float, ...]
) -> None:
    refresh = world.refresh(tmp_path / "w")
    for hours in case:
        before = published(tmp_path / "w")
        done = _at(hours, tmp_path / "w", *refresh, "--rebuild")
        assert done.returncode == 0, done.stderr
        assert kept_builds(tmp_path / "w") == [before]
    assert releases_of(tmp_path / "w") == world.expected
    assert parquet(tmp_path / "w") == published(tmp_path / "w")
    succeeds(beehive("rollback", "--warehouse", str(tmp_path / "w")))
    assert published(tmp_path / "w") == before


@cases(
    {"a failure after it": (-1, 1), "a failure before it": (1, 0)},
)
def test_a_clock_that_goes_back_does_not_hide_how_the_last_run_ended(
    world: World, tmp_path: Path, case: tuple[float, int]
) -> None:
    hours, problems = case
    refresh = world.refresh(tmp_path / "w")
    failing = [word.replace(str(world.source), str(tmp_path / "nowhere")) for word in refresh]
    assert _at(hours, tmp_path / "w", *failing).returncode == 2
    if hours > 0:
        runs(world.source, tmp_path / "w")
    assert len(read_status(Settings(warehouse=tmp_path / "w")).problems) == problems
