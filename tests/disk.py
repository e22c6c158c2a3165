"""Refreshes on a bad disk: `.venv/bin/python -m tests.disk --trials 200`.

Each trial refreshes a warehouse of a dozen releases, which is one commit behind its archive or new, while the disk has
a fault at a random call that changes the folder of the warehouse:

EIO, ENOSPC   That call fails, or that one and the next, or that one and all later ones.
power         The power fails: every process ends, and what was not synced is lost, wholly or in part. Of a file, each
              page is as it was at the last fsync or as it is now. Of a folder, the last changes of its names are undone
              since its last fsync: from some moment on for all folders, as on a disk with a journal, or for each from
              one of its own.

Then readers must see a whole build, `beehive status` must end without a traceback, and the next refresh must publish
what an undisturbed one does and leave nothing behind. The faults are made by a library in C, `tests/disk.c`, which the
C compiler of the machine compiles; DuckDB, Python and git all call through it. It does not know which of several writes
to one page between two calls of fsync reached the disk.
"""

import argparse
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from tests.conftest import ROOT
from tests.pipeline.faults import World, kept_builds, left_over, make_world, parquet, published, read_world, releases_of

KINDS = ("EIO", "ENOSPC", "power")
_PAGE = 4096  # bytes
_LONGEST = 120  # seconds that a command may take on a busy machine
_CHANGES = ("link", "rename", "symlink", "unlink")
_ALL = 1_000_000_000  # calls
_FIRST = 0.25  # share of the trials without a published build

# Runs the command line once for each line of standard input, in a process that is forked when everything is imported.
_COMMANDS = f"""
import ctypes, json, os, signal, sys
import flows.console, flows.schedule.server, flows.serve.status, flows.stages
from flows.cli import main

for line in sys.stdin:
    child = os.fork()
    if not child:
        break
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
else:
    sys.exit()
words, said, environment = json.loads(line)
os.setsid()
signal.alarm({_LONGEST})
for handle, path in enumerate((os.devnull, said + ".out", said)):
    os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC), handle)
os.environ.update(environment)
ctypes.CDLL(None).disk_begin()
sys.argv = ["beehive", *words]
main()
"""


class Fault(Exception):
    """Something that must not happen, did."""


@dataclass
class Trial:
    """One refresh on a bad disk."""

    kind: str
    at: int
    is_first: bool
    calls: int  # how many fail in a row
    where: str = ""  # the call and the file
    code: int = 0
    said: str = ""
    seen: str = ""  # none, old or new
    fault: str = ""


class Commands:
    """A process that runs the command line under the library of `tests/disk.c`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        library = compile_library(folder)
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("BEEHIVE_", "PREFECT_"))}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _COMMANDS], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**kept, "LD_PRELOAD": str(library)},
        )  # fmt: skip

    def run(self, *words: str, **environment: str) -> tuple[int, str]:
        """Return the exit code and what was said on standard error."""
        assert self._process.stdin and self._process.stdout
        said = self._folder / "said"
        self._process.stdin.write(json.dumps([words, str(said), environment]) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline()), said.read_text()

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def compiler() -> str | None:
    """Return the C compiler of this machine; None if there is none, or if it is no Linux."""
    return (shutil.which("cc") or shutil.which("gcc")) if sys.platform == "linux" else None


def compile_library(folder: Path) -> Path:
    """Compile the library that makes the faults."""
    library, source = folder / "disk.so", Path(__file__).with_suffix(".c")
    subprocess.run([str(compiler()), "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


# ------------------------------------------------------------------------------------------- a power cut


@dataclass(eq=False)
class _Node:
    """A file, folder or link on the disk; `target` is of a link, the names are of a folder."""

    synced: Path | None = None  # a file as it was at the last fsync; None if there was none
    target: str | None = None
    is_folder: bool = False
    names: dict[str, "_Node"] = field(default_factory=dict)  # now
    durable: dict[str, "_Node"] = field(default_factory=dict)  # at the last fsync
    changes: list[tuple[int, dict[str, "_Node | None"]]] = field(default_factory=list)  # since then, by time

    def change(self, time: int, changed: dict[str, "_Node | None"]) -> None:
        """Give or take names."""
        self.changes.append((time, changed))
        _apply(self.names, changed)

    def sync(self) -> None:
        """Make the names durable."""
        self.durable, self.changes = dict(self.names), []


def _apply(names: dict[str, _Node], changed: dict[str, _Node | None]) -> None:
    for name, node in changed.items():
        if node:
            names[name] = node
        else:
            names.pop(name, None)


class Disk:
    """What is surely on the disk of a folder, and what may be.

    Args:
        folder: the folder, in which everything is synced.
        before: a copy of it that stays as it is.
    """

    def __init__(self, folder: Path, before: Path) -> None:
        self._folder = folder
        self._by_inode: dict[str, _Node] = {}
        self._top = self._read(folder, before)

    def _read(self, path: Path, before: Path) -> _Node:
        is_folder = path.is_dir() and not path.is_symlink()
        node = _Node(before, str(path.readlink()) if path.is_symlink() else None, is_folder)
        self._by_inode[str(path.lstat().st_ino)] = node
        for inner in path.iterdir() if is_folder else ():
            node.names[inner.name] = self._read(inner, before / inner.name)
        node.sync()
        return node

    def replay(self, state: Path) -> None:
        """Learn from the log and the copies of the library what the processes did."""
        for time, line in enumerate((state / "log").read_text().splitlines()):
            what, *words = line.split("\t")
            if what == "made":
                kind, inode, path = words
                node = _Node(target=None if kind in ("file", "folder") else kind, is_folder=kind == "folder")
                self._by_inode[inode] = node
                self._change(time, path, node)
            elif what == "linked":
                self._change(time, words[1], self._find(words[0]))
            elif what == "moved":
                self._move(time, *words)
            elif what == "removed":
                self._change(time, words[0], None)
            elif what == "synced" and (node := self._find(words[0])):
                node.sync()
            elif what == "kept" and (node := self._by_inode.get(words[0])):
                node.synced = state / words[1]

    def _find(self, path: str) -> _Node | None:
        node: _Node | None = self._top
        for name in Path(path).relative_to(self._folder).parts:
            node = node.names.get(name) if node else None
        return node

    def _change(self, time: int, path: str, node: _Node | None) -> None:
        if path != str(self._folder) and (folder := self._find(str(Path(path).parent))):
            folder.change(time, {Path(path).name: node})

    def _move(self, time: int, old: str, new: str) -> None:
        node, folder = self._find(old), self._find(str(Path(old).parent))
        if node and folder and Path(old).parent == Path(new).parent:  # in one step
            folder.change(time, {Path(old).name: None, Path(new).name: node})
        elif node:
            self._change(time, new, node)
            self._change(time, old, None)

    def cut(self, chance: random.Random | None, *, with_names: bool = False) -> None:
        """Replace the folder by what is left of it after a power cut.

        Args:
            chance: decides what is lost; if None, everything is that was not synced.
            with_names: without `chance`, the names are kept, so that a file may be there without its content.
        """
        now: dict[_Node, Path] = {}
        gone = self._folder.with_name(f"{self._folder.name}.gone")
        self._folder.rename(gone)
        _list(self._top, gone, now)
        times = sorted(time for node in (self._top, *now) for time, _ in node.changes)
        journal: float | None = math.inf if with_names else -math.inf
        if chance:
            journal = chance.choice([*times, math.inf]) if chance.random() < 0.5 else None
        made: dict[_Node, Path] = {}
        _make(self._top, self._folder, now, made, chance, journal)
        shutil.rmtree(gone)


def _list(node: _Node, path: Path, found: dict[_Node, Path]) -> None:
    for name, inner in node.names.items():
        found[inner] = path / name
        _list(inner, path / name, found)


def _make(
    node: _Node,
    path: Path,
    now: dict[_Node, Path],
    made: dict[_Node, Path],
    chance: random.Random | None,
    journal: float | None,
) -> None:
    """Make a file, link or folder as a power cut leaves it.

    Args:
        node: what to make.
        path: where.
        now: where each file is that the processes left.
        made: where each file is that has been made, which may have several names.
        chance: decides what is lost; if None, every content that was not synced.
        journal: the time from which on every change of a name is lost; None if each folder has its own.
    """
    if node.target is not None:
        path.symlink_to(node.target)
    elif node.is_folder:
        path.mkdir()
        names = dict(node.durable)
        kept = chance.randint(0, len(node.changes)) if chance else 0
        for number, (time, changed) in enumerate(node.changes):
            if number < kept if journal is None else time < journal:
                _apply(names, changed)
        for name, inner in names.items():
            _make(inner, path / name, now, made, chance, journal)
    elif node in made:
        os.link(made[node], path)
    else:
        made[node] = path
        sources = [one for one in (node.synced, now.get(node)) if one]
        versions = [node.synced.read_bytes() if node.synced else b""]
        versions += [now[node].read_bytes()] if node in now else []
        path.write_bytes(_mixed(versions, chance) if chance else versions[0])
        if sources:
            shutil.copystat(sources[-1], path)


def _mixed(versions: list[bytes], chance: random.Random) -> bytes:
    """Return one version of a file, or pages of several."""
    whole = chance.choice(versions)
    if len(versions) == 1 or chance.random() < 0.5:
        return whole
    pages = []
    for start in range(0, len(whole), _PAGE):
        end = min(start + _PAGE, len(whole))
        pages.append(chance.choice(versions)[start:end].ljust(end - start, b"\0"))
    return b"".join(pages)


# ------------------------------------------------------------------------------------------- trials


class Trials:
    """Refreshes on a bad disk, in a folder of their own."""

    def __init__(self, folder: Path, world: World) -> None:
        self._world = world
        self._old = releases_of(world.before)
        self.warehouse, self._state = folder / "warehouse", folder / "state"
        self._refresh = ("refresh", "--source", str(world.source), "--warehouse", str(self.warehouse))
        self._status = ("status", "--warehouse", str(self.warehouse))
        self._commands = Commands(folder)
        self._calls: dict[bool, list[str]] = {}  # of an undisturbed refresh, by whether it is the first

    def close(self) -> None:
        """End what runs."""
        self._commands.close()

    def run(self, kind: str, seed: str) -> Trial:
        """Run one trial: the same kind and seed give the same fault, at about the same call."""
        chance = random.Random(f"{kind} {seed}")
        is_first = chance.random() < _FIRST
        calls = self.calls(is_first=is_first)
        at = chance.randint(1, len(calls))
        if chance.random() < 0.5:  # where names change; a power cut may also come when the run has ended
            changes = [number for number, name in enumerate(calls, start=1) if name.removesuffix("at") in _CHANGES]
            at = chance.choice(changes + [len(calls) + 100] * (kind == "power") * (len(changes) // 4))
        return self.try_at(Trial(kind, at, is_first, chance.choice([1, 2, _ALL])), chance)

    def fill(self, at: int) -> Trial:
        """Run one trial over a build, in which the disk is full from one call on."""
        return self.try_at(Trial("ENOSPC", at, False, _ALL), random.Random(at))

    def calls(self, *, is_first: bool) -> list[str]:
        """Return the calls of an undisturbed refresh, the first one or one over a build, which is incremental."""
        if is_first not in self._calls:
            self._begin(None if is_first else self._world.before)
            code, said = self._run("count", 0)
            assert code == 0, said
            with duckdb.connect(str(self.warehouse / "beehive.duckdb"), read_only=True) as reader:
                made = reader.execute("select increment_number from build_info").fetchall()
            assert made == [(0 if is_first else 1,)]
            log = (self._state / "log").read_text().splitlines()
            self._calls[is_first] = [line.removeprefix("call\t") for line in log]
        return self._calls[is_first]

    def try_at(self, trial: Trial, chance: random.Random) -> Trial:
        """Run a trial; return it with what happened."""
        try:
            self._try(trial, chance)
        except (Fault, AssertionError, OSError, ValueError, duckdb.Error) as error:
            line = traceback.extract_tb(error.__traceback__)[-1].line
            trial.fault = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else line}"
        return trial

    def _try(self, trial: Trial, chance: random.Random) -> None:
        disk = self._begin(None if trial.is_first else self._world.before)
        trial.code, said = self._run(trial.kind, trial.at, calls=trial.calls)
        happened = [line.split("\t") for line in (self._state / "log").read_text().splitlines()]
        for _, name, path in (line for line in happened if line[0] in ("failed", "killed")):
            trial.where = f"{name} {Path(path).relative_to(self.warehouse)}"
        if trial.kind == "power":
            if trial.code not in (0, -9):
                raise Fault(f"exit code {trial.code}: {said.strip()}")
            disk.replay(self._state)
            disk.cut(chance)
        else:
            trial.said = _sentence(trial.code, said)
        old = None if trial.is_first else self._world.old
        file, files = self._whole()
        trial.seen = "none" if file is None else "old" if file == old else "new"
        if (file is None and old) or files not in (old, file):
            raise Fault(f"readers see {file} and, in Parquet, {files}, and saw {old}")
        if trial.seen == "new" and old and kept_builds(self.warehouse) != [old]:
            raise Fault("the build before is not kept")
        code, said = self._commands.run(*self._status)
        if code not in (0, 1, 2) or "Traceback" in said:
            raise Fault(f"status: exit code {code}: {said.strip()}")
        code, said = self._commands.run(*self._refresh)
        if code:
            raise Fault(f"the next run: exit code {code}: {said.strip().splitlines()[-1]}")
        file, files = self._whole()
        if file is None or file == old or file != files:
            raise Fault(f"after the next run, readers see {file} and, in Parquet, {files}")
        if left := left_over(self.warehouse):
            raise Fault(f"the next run left {left}")

    def lose_unsynced(self, before: Path, *words: str, with_names: bool) -> Path:
        """Run a command on a copy of a warehouse to its end, then cut the power; return what is left of the folder.

        Args:
            before: the warehouse.
            words: the command, without its warehouse.
            with_names: as for `Disk.cut`.
        """
        disk = self._begin(before)
        code, said = self._run("power", 0, *words, "--warehouse", str(self.warehouse))
        assert code == 0, said
        disk.replay(self._state)
        disk.cut(None, with_names=with_names)
        return self.warehouse

    def _begin(self, before: Path | None) -> Disk:
        for folder in (self.warehouse, self.warehouse.with_name("warehouse.gone"), self._state):
            shutil.rmtree(folder, ignore_errors=True)
        self._state.mkdir()
        (self._state / "counter").write_bytes(bytes(16))
        if before:
            shutil.copytree(before, self.warehouse, symlinks=True)
        else:
            self.warehouse.mkdir()
        return Disk(self.warehouse, before or self.warehouse)

    def _run(self, kind: str, at: int, *words: str, calls: int = 1) -> tuple[int, str]:
        environment = {
            "DISK_KIND": kind, "DISK_AT": str(at), "DISK_CALLS": str(calls), "DISK_FOLDER": str(self.warehouse),
            "DISK_STATE": str(self._state),
        }  # fmt: skip
        return self._commands.run(*(words or self._refresh), **environment)

    def _whole(self) -> tuple[tuple[str, int] | None, tuple[str, int] | None]:
        """Return the builds that readers see in the published file and in Parquet, of which every row can be read."""
        file, files = published(self.warehouse), parquet(self.warehouse)
        if file:
            is_new = file[1] == 13
            if releases_of(self.warehouse) != (self._world.expected if is_new else self._old):
                raise Fault(f"the published file has other rows than {'the new' if is_new else 'the old'} build")
        if files:
            with duckdb.connect() as reader:
                for path in (self.warehouse / "parquet").resolve().rglob("*.parquet"):
                    reader.execute(f"select bit_xor(hash(one)) from '{path}' as one").fetchall()
        return file, files


def _sentence(code: int, said: str) -> str:
    """Return the sentence in which a run says why it failed; empty if it did not fail."""
    found = [line for line in said.splitlines() if line.startswith("beehive: ")]
    if code not in (0, 1, 2) or "Traceback" in said or (code != 0) != (len(found) == 1):
        raise Fault(f"exit code {code}: {said.strip().splitlines()[-1] if said.strip() else 'no word'}")
    return found[0] if found else ""


def table(done: list[Trial]) -> str:
    """Return what happened, as Markdown."""
    heads = ("fault", "trials", "first refresh", "run failed", "readers saw none", "old", "new", "faults found")
    lines = [f"| {' | '.join(heads)} |", f"| --- {'| ---: ' * (len(heads) - 1)}|"]
    for kind in (kind for kind in KINDS if any(trial.kind == kind for trial in done)):
        here = [trial for trial in done if trial.kind == kind]
        numbers = (
            len(here), sum(trial.is_first for trial in here), sum(trial.code != 0 for trial in here),
            *(sum(trial.seen == seen for trial in here) for seen in ("none", "old", "new")),
            sum(bool(trial.fault) for trial in here),
        )  # fmt: skip
        lines.append(f"| {kind} | {' | '.join(f'{number:,}' for number in numbers)} |")
    return "\n".join(lines)


@contextmanager
def _trials() -> Iterator[Trials]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        make_world(folder / "world")
        trials = Trials(folder, read_world(folder / "world"))
        try:
            yield trials
        finally:
            trials.close()


def main() -> None:
    """Run the trials and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--trials", type=int, default=200, help="of each kind")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--kind", choices=KINDS, action="append", help="may be repeated; default: all")
    arguments.add_argument("--start", type=int, default=0, help="number of the first trial")
    arguments.add_argument("--full-at-every", type=int, metavar="N", help="instead of random faults, a disk that is "
                           "full from a call of an incremental build on: from every Nth call")  # fmt: skip
    given = arguments.parse_args()
    if not compiler():
        sys.exit("A C compiler (cc or gcc) and Linux are needed.")
    done = []
    with _trials() as trials:
        if given.full_at_every:
            count = len(trials.calls(is_first=False))
            chosen = map(trials.fill, range(1 + given.start, count + 1, given.full_at_every))
        else:
            numbers = range(given.start, given.trials)
            chosen = (trials.run(kind, f"{given.seed} {one}") for one in numbers for kind in given.kind or KINDS)
        for number, trial in enumerate(chosen):
            done.append(trial)
            told = f"{number} {trial.kind} at {trial.at}, {trial.calls:,} calls, {trial.where or 'after the run'}: "
            sys.stderr.write(f"{told}{trial.code}, {trial.seen} {trial.said} {trial.fault}\n")
    faults = [f"{trial.kind} at {trial.at}, {trial.where}: {trial.fault}" for trial in done if trial.fault]
    sys.stdout.write("\n".join([table(done), "", f"Seed {given.seed}.", *faults]) + "\n")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
