"""Kills refreshes of a real archive at random times: `.venv/bin/python -m tests.kills --source ARCHIVE --trials 1000`.

A branch moves over the small commits of the archive, forward and back, as the hourly sync would move it. Each trial
refreshes to the next one and is killed after a random time, half of them with every process it started. After each kill
the published file and the Parquet folder must be whole builds of a known commit; every now and then a run may finish,
and must heal. At the end, everything published equals a build from nothing.

With --folder, what is done is kept there, and the same command goes on from it after any interruption.
"""

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from flows.load import sqlfiles
from flows.load.parquet import LEFT_OUT, find_files

_REFRESH = [sys.executable, "-c", "from flows.cli import main; main()", "refresh"]
_SMALL = 100  # files a commit may change to be walked over
_RECENT = 9  # runs by which it is known how long one takes: a busy machine changes
_FINISH = 0.1  # share of the trials after which a run may finish
_STAGES = ("extract", "parse", "normalise", "load", "check", "publish")  # each tells a line when it is done
_OF_THE_RUN = ("main.build_info", "main.changes")  # what depends on the build before
_KEPT = {
    "archives",
    "beehive.duckdb",
    "builds",
    "parquet",
    "published.json",
    "staging.duckdb",
    "work.duckdb",
    "writer.lock",
}


class Fault(Exception):
    """Something that must not happen, did."""


@dataclass
class Trial:
    """One kill, and the run after it where there was one."""

    commit: str
    group: bool  # whether every process was killed, or the refresh alone
    seconds: float
    stage: str  # in which the kill fell; "ended" where the run was faster
    file: str  # old or new
    parquet: str
    healed: str = ""  # what the next run did: published, nothing new
    took: float = 0.0  # seconds of that run
    fault: str = ""


class Archive:
    """The commits of a real archive, and a repository whose one branch stands on any of them."""

    def __init__(self, source: str, path: Path) -> None:
        self.path = path
        if not path.exists():
            subprocess.run(["git", "clone", "--quiet", "--bare", source, str(path)], check=True)
            main = self._git("rev-parse", "HEAD")
            for ref in self._git("for-each-ref", "--format=%(refname)").splitlines():
                self._git("update-ref", "-d", ref)
            self._git("update-ref", "refs/heads/all", main)
            self._git("symbolic-ref", "HEAD", "refs/heads/main")
        self.commits: list[str] = []  # oldest first
        for commit in self._git("rev-list", "--first-parent", "--reverse", "refs/heads/all").splitlines():
            changed = self._git("diff-tree", "--no-commit-id", "-r", "-m", "--first-parent", "--name-only", commit)
            if 0 < len(changed.splitlines()) <= _SMALL:
                self.commits.append(commit)
        self.files = {commit: len(self._git("ls-tree", "-r", commit).splitlines()) for commit in self.commits}

    def move(self, commit: str) -> None:
        """Puts the branch on a commit."""
        self._git("update-ref", "refs/heads/main", commit)

    def _git(self, *words: str) -> str:
        done = subprocess.run(["git", *words], cwd=self.path, capture_output=True, text=True, check=True)
        return done.stdout.strip()


class Warehouse:
    """A warehouse that is refreshed in processes, and looked at as readers do."""

    def __init__(self, path: Path, archive: Archive) -> None:
        self.path = path
        self._archive = archive
        self._words = [*_REFRESH, "--source", str(archive.path), "--ref", "main", "--warehouse", str(path)]

    def kill(self, after: float, *, group: bool) -> tuple[str, float]:
        """Begins a refresh and kills it; gives the stage it was in, and its seconds."""
        start = time.perf_counter()
        log = self.path.with_suffix(".log")
        with log.open("w") as errors:
            process = subprocess.Popen(
                self._words, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True, env=_environment()
            )
            try:
                code = process.wait(after)
            except subprocess.TimeoutExpired:
                code = None
                if group:
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.kill()
                process.wait()
        told = [line.split(":")[0] for line in log.read_text().splitlines()]
        if code is not None:
            if code:
                raise Fault(f"exit code {code}: {log.read_text().strip().splitlines()[-1]}")
            return "ended", time.perf_counter() - start
        done = [stage for stage in _STAGES if stage in told]
        return (*_STAGES, "end")[len(done)], time.perf_counter() - start

    def refresh(self) -> tuple[str, float]:
        """Lets a refresh finish; gives what it did and its seconds."""
        start = time.perf_counter()
        done = subprocess.run(self._words, capture_output=True, text=True, check=False, env=_environment())
        if done.returncode:
            raise Fault(f"the next run: exit code {done.returncode}: {done.stderr.strip().splitlines()[-1]}")
        is_new = not done.stdout.startswith("Nothing new")
        kept = _KEPT if is_new else {*_KEPT, "staging.duckdb.wal"}  # what is not opened, is opened whole by a later run
        left = [path.name for path in self.path.iterdir() if path.name not in kept and path.name[:8] != "parquet-"]
        left += [path.name for path in (self.path / "archives").iterdir() if path.suffix != ".git"]
        if left or len(list(self.path.glob("parquet-*"))) > 2:
            raise Fault(f"the next run left {left or 'Parquet folders'}")
        return ("published" if is_new else "nothing new"), time.perf_counter() - start

    def file(self) -> str:
        """The commit of the published build, which is whole."""
        with duckdb.connect(str(self.path / "beehive.duckdb"), read_only=True) as reader:
            return self._whole(reader, str)

    def parquet(self) -> str:
        """The commit of the build in Parquet, which is whole."""
        folder = (self.path / "parquet").resolve(strict=True)
        for file in (*sqlfiles.tables(), *sqlfiles.views()):
            if file.name not in LEFT_OUT and not find_files(folder, file.qualified):
                raise Fault(f"{folder.name} lacks {file.qualified}")
        with duckdb.connect() as reader:
            return self._whole(reader, lambda name: f"read_parquet({[str(path) for path in find_files(folder, name)]})")

    def _whole(self, reader: duckdb.DuckDBPyConnection, named: Callable[[str], str]) -> str:
        ((commit, claimed, counted, bodies, files),) = reader.execute(
            f"select b.source_state, b.release_count, (select count(*) from {named('main.releases')}), "
            f"(select count(body) from {named('main.release_texts')}), "
            f"(select sum(file_count) from {named('meta.reconciliation')}) from {named('main.build_info')} as b"
        ).fetchall()
        if not claimed == counted == bodies:
            raise Fault(f"the build of {commit} claims {claimed} releases and has {counted}, with {bodies} texts")
        if files != self._archive.files.get(commit):
            raise Fault(f"the build of {commit} has {files} files, git ls-tree {self._archive.files.get(commit)}")
        return str(commit)


def _environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith(("BEEHIVE_", "PREFECT_"))}


def run(archive: Archive, warehouse: Warehouse, log: Path, trials: int, seed: int) -> list[Trial]:
    """Goes on with the trials that the log does not have yet."""
    done = [Trial(**json.loads(line)) for line in log.read_text().splitlines()] if log.exists() else []
    there_and_back = [*archive.commits, *archive.commits[-2:0:-1]]
    archive.move(done[-1].commit if done else there_and_back[0])
    warehouse.refresh()
    published = warehouse.file()
    durations = [trial.took for trial in done if trial.healed == "published"]
    if not durations:
        archive.move(there_and_back[1])
        durations = [warehouse.refresh()[1]]
        published = warehouse.file()
    for number in range(len(done), trials):
        chance = random.Random(f"{seed} {number}")
        commit = there_and_back[(number + 2) % len(there_and_back)]
        trial = Trial(
            commit, chance.random() < 0.5, chance.uniform(0, statistics.median(durations[-_RECENT:])), "", "", ""
        )
        archive.move(commit)
        try:
            trial.stage, lasted = warehouse.kill(trial.seconds, group=trial.group)
            file, parquet = warehouse.file(), warehouse.parquet()
            if trial.stage == "ended" and file != published:
                durations.append(lasted)
            names = {published: "old", commit: "new"}
            trial.file, trial.parquet = names.get(file, "another"), names.get(parquet, "another")
            if "another" in (trial.file, trial.parquet):
                raise Fault(f"a reader sees {file} and, in Parquet, {parquet}: neither {published} nor {commit}")
            published = file
            if chance.random() < _FINISH or trial.stage == "ended" or number == trials - 1:
                trial.healed, trial.took = warehouse.refresh()
                if trial.healed == "published":
                    durations.append(trial.took)
                published = commit
                if (warehouse.file(), warehouse.parquet()) != (commit, commit):
                    raise Fault(f"after the next run, not {commit} is published")
        except (Fault, OSError, duckdb.Error) as error:
            trial.fault = str(error)
        done.append(trial)
        with log.open("a") as file_log:
            file_log.write(json.dumps(asdict(trial)) + "\n")
        sys.stderr.write(f"{number + 1}/{trials} {trial.seconds:5.1f} s, {trial.stage:9} {trial.file} {trial.healed} "
                         f"{trial.fault}\n")  # fmt: skip
    return done


def differences(warehouse: Path, anew: Path) -> list[str]:
    """The tables and views in which two warehouses differ."""
    found = []
    with duckdb.connect() as connection:
        for name, folder in (("here", warehouse), ("there", anew)):
            connection.execute(f"attach '{folder}/beehive.duckdb' as {name} (read_only)")
        for file in (*sqlfiles.tables(), *sqlfiles.views()):
            name = file.qualified
            if file.schema != "meta" and name not in _OF_THE_RUN:
                both = (
                    f"(from here.{name} except all from there.{name})",
                    f"(from there.{name} except all from here.{name})",
                )
                counts = [connection.execute(f"select count(*) from {rows}").fetchall()[0][0] for rows in both]
                found += [f"{name} ({counts[0]} rows only here, {counts[1]} only there)"] if any(counts) else []
    return found


def table(done: list[Trial]) -> str:
    """What happened, as markdown."""
    heads = ("killed in", "trials", "with its children", "readers saw old", "new", "Parquet still old",
             "next run published", "found nothing new", "faults")  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", f"| --- {'| ---: ' * (len(heads) - 1)}|"]
    stages = [*_STAGES, "end", "ended"]
    for stage in [*(one for one in stages if any(trial.stage == one for trial in done)), "all"]:
        here = [trial for trial in done if stage in (trial.stage, "all")]
        seen, healed = Counter(trial.file for trial in here), Counter(trial.healed for trial in here)
        behind = sum(trial.file == "new" and trial.parquet == "old" for trial in here)
        numbers = (
            len(here), sum(trial.group for trial in here), seen["old"], seen["new"], behind,
            healed["published"], healed["nothing new"], sum(bool(trial.fault) for trial in here),
        )  # fmt: skip
        lines.append(f"| {stage} | {' | '.join(f'{number:,}' for number in numbers)} |")
    return "\n".join(lines)


@contextmanager
def _folder(given: str | None) -> Iterator[Path]:
    if given:
        Path(given).mkdir(parents=True, exist_ok=True)
        yield Path(given)
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)


def main() -> None:
    """Runs the trials, compares with a build from nothing, and prints the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--source", required=True, help="a git bundle or repository with its history")
    arguments.add_argument("--trials", type=int, default=1000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--folder", help="where to work, and what to go on from")
    given = arguments.parse_args()
    with _folder(given.folder) as folder:
        archive = Archive(given.source, folder / "archive.git")
        warehouse, log = Warehouse(folder / "warehouse", archive), folder / "trials.jsonl"
        try:
            done = run(archive, warehouse, log, given.trials, given.seed)
        except KeyboardInterrupt:
            done = [Trial(**json.loads(line)) for line in log.read_text().splitlines()] if log.exists() else []
            sys.stdout.write(f"{table(done)}\n\nInterrupted: the same command with --folder goes on from here.\n")
            sys.exit(130)
        anew = Warehouse(folder / f"anew-{int(time.time())}", archive)
        anew.refresh()
        differing = differences(warehouse.path, anew.path)
    faults = [f"trial {number}: {trial.fault}" for number, trial in enumerate(done, start=1) if trial.fault]
    faults += [f"differs from a build from nothing: {name}" for name in differing]
    equal = "differs from" if differing else "equals"
    summary = f"{len(archive.commits)} commits, seed {given.seed}. The last build {equal} one from nothing."
    lines = [table(done), "", summary, *faults]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
