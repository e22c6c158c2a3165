"""Leaves `beehive schedule` to itself for hours: `.venv/bin/python -m tests.soak --source ARCHIVE --runs 60`.

A branch moves forward over the small commits of a real archive, as the hourly sync would move it, and the schedule runs
once a minute. On each commit something goes wrong: a run is killed, the worker is killed, the archive is away, somebody
holds the published file, half of the archive is gone. Two runs' time after it is over, that commit must be published.
At the end nothing hangs, nothing stands twice, everything published equals a build from nothing, and the memory of
server and worker has not grown. The runs are judged by the server's own record of them.

With --folder, the warehouse, the server's database, the logs, runs.json and memory.csv stay there.
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
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from tests.kills import Archive, Fault, Warehouse, differences
from tests.server.conftest import Record, begin_schedule, free_port, process_of_a_run, processes, until

# The worker is killed in the first third alone, and so its memory is seen over the two others.
_FAULTS = ("run killed", "worker killed", "archive away", "file held", "archive halved")
_LATER = tuple(fault for fault in _FAULTS if fault != "worker killed")
_STUCK = 300  # seconds after which a run that is Running or Pending hangs
_FIRST = 1200  # seconds for the first build and for whatever must come
_SAMPLE = 5  # seconds between two looks at the memory
_GROWTH = 0.2  # by which the last third of the time may differ from the one before
_UNFINISHED = {"RUNNING", "PENDING", "CANCELLING"}
_HOLD = "import duckdb, sys, time; held = duckdb.connect(sys.argv[1]); print('held', flush=True); time.sleep(3600)"


@dataclass
class Step:
    """One commit that the branch stood on, and what went wrong there."""

    commit: str
    fault: str
    began: float = field(default_factory=time.time)
    over: float = 0.0  # when the fault was
    ended: float = 0.0
    published_after: float | None = None  # seconds from the end of the fault
    wrong: list[str] = field(default_factory=list)


class Soak:
    """A schedule over a real archive, what is done to it, and what is seen of it."""

    def __init__(self, source: str, folder: Path, every: int) -> None:
        self.folder, self.every = folder, every
        self.archive = Archive(source, folder / "archive.git")
        self.warehouse = Warehouse(folder / "warehouse", self.archive)
        self.steps: list[Step] = []
        self.memory: list[tuple[float, str, int]] = []  # when, of what, bytes
        self.port = free_port()
        self.record = Record(f"http://127.0.0.1:{self.port}/api", folder / "warehouse")
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Starts the schedule and puts its one run a minute on the server."""
        try:
            self.process = begin_schedule(
                self.port, self.archive.path, self.warehouse.path, PREFECT_RUNNER_POLL_FREQUENCY="10"
            )
        except pytest.fail.Exception as error:
            raise Fault(str(error)) from error
        self.record.set_schedules(hourly={"schedule": {"interval": self.every}, "active": True})

    def stop(self) -> list[str]:
        """Ends the schedule as systemd does; gives what was wrong with that."""
        if self.process is None or self.process.poll() is not None:
            return ["the schedule had ended by itself"]
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(120)
        left = processes(self.warehouse.path)
        return [f"the schedule ended with {code}"] * bool(code) + [f"{left} are left running"] * bool(left)

    def runs(self) -> list[dict[str, Any]]:
        """Every run that began or was refused, in the order in which they were due."""
        found: list[dict[str, Any]] = []
        while page := self.record.post(
            "flow_runs/filter",
            {"sort": "EXPECTED_START_TIME_ASC", "limit": 200, "offset": len(found),
             "flow_runs": {"state": {"type": {"not_any_": ["SCHEDULED"]}}}},
        ):  # fmt: skip
            found += page
        return found

    def unfinished(self) -> list[dict[str, Any]]:
        return [run for run in self.runs() if run["state_type"] in _UNFINISHED]

    def published(self) -> str:
        """The commit of the published build, which is whole; empty while there is none."""
        return self.warehouse.file() if (self.warehouse.path / "beehive.duckdb").exists() else ""

    def step(self, commit: str, fault: str) -> None:
        """Moves the branch, lets something go wrong, and gives the schedule two runs' time to make it good."""
        step = Step(commit, fault)
        self.steps.append(step)
        try:
            if self.process is None or self.process.poll() is not None:
                self.start()
            {"run killed": self._kill_run, "worker killed": self._kill_worker, "archive away": self._take_away,
             "file held": self._hold, "archive halved": self._halve, "": self.archive.move}[fault](commit)  # fmt: skip
            step.over = time.time()
            while time.time() < step.over + 2 * self.every:
                if step.published_after is None and self.published() == commit:
                    step.published_after = time.time() - step.over
                time.sleep(1)
            until(lambda: not self.unfinished(), _STUCK, "a run hangs")
            if (seen := (self.published(), self.warehouse.parquet())) != (commit, commit):
                raise Fault(f"two runs' time after it was over, {seen[0][:8]} and, in Parquet, {seen[1][:8]} stand")
            step.published_after = step.published_after or time.time() - step.over
        except (Fault, AssertionError, OSError, duckdb.Error, httpx.HTTPError) as error:
            step.wrong.append(f"{type(error).__name__}: {error}")
        step.ended = time.time()

    def _begun(self) -> dict[str, Any]:
        """A run that works, and began since now."""
        since = {run["id"] for run in self.unfinished()}

        def ask() -> dict[str, Any] | None:
            return next((run for run in self.unfinished()
                         if run["id"] not in since and run["state_type"] == "RUNNING"), None)  # fmt: skip

        return until(ask, _STUCK, "no run began")

    def _kill_run(self, commit: str) -> None:
        self.archive.move(commit)
        run = self._begun()
        time.sleep(random.Random(commit).uniform(0, 10))
        try:
            if pid := process_of_a_run(self.warehouse.path):
                os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # it was faster
        until(lambda: run["id"] not in {one["id"] for one in self.unfinished()}, 60, "a killed run has not ended")
        if (state := self.record.run(run["id"])["state_type"]) not in {"CRASHED", "COMPLETED"}:
            raise Fault(f"a killed run is {state}")

    def _kill_worker(self, commit: str) -> None:
        self.archive.move(commit)
        run = self._begun()
        os.kill(self.pids()["worker"], signal.SIGKILL)
        assert self.process is not None
        if (code := self.process.wait(120)) != 1:
            raise Fault(f"the schedule ended with {code} when its worker was killed")
        self.start()
        if (state := self.record.run(run["id"])["state_type"]) not in {"CRASHED", "COMPLETED"}:
            raise Fault(f"the run of a killed worker is {state}")

    def _take_away(self, commit: str) -> None:
        away = self.archive.path.with_name("away.git")
        self.archive.path.rename(away)
        try:
            self._one_fails("archive")
        finally:
            away.rename(self.archive.path)
        self.archive.move(commit)
        until(lambda: not self.unfinished(), _STUCK, "a run waits for an archive that is there again")

    def _hold(self, commit: str) -> None:
        file = self.warehouse.path / "beehive.duckdb"
        holder = subprocess.Popen([sys.executable, "-c", _HOLD, str(file)], stdout=subprocess.PIPE, text=True)
        try:
            assert holder.stdout is not None
            if holder.stdout.readline() != "held\n":
                raise Fault(f"{file} could not be held")
            self.archive.move(commit)
            self._one_fails(str(holder.pid))
        finally:
            holder.kill()
            holder.wait()

    def _halve(self, commit: str) -> None:
        before = self.published()
        self.archive.move(_halved(self.archive.path, commit))
        self._one_fails("would be gone")
        if (seen := self.published()) != before:
            raise Fault(f"{seen} was published with half of the releases")
        self.archive.move(commit)

    def _one_fails(self, word: str) -> None:
        """Waits for at least a minute, and until a run failed and says why."""
        since, known = time.time(), {run["id"] for run in self.runs() if run["state_type"] not in _UNFINISHED}

        def ask() -> bool:
            failed = [run["state"]["message"] or "" for run in self.runs()
                      if run["id"] not in known and run["state_type"] == "FAILED"]  # fmt: skip
            return time.time() > since + min(60, self.every) and any(word in message for message in failed)

        until(ask, _FIRST, f"no run failed with {word!r}")

    def pids(self) -> dict[str, int]:
        """Server and worker, as the schedule noted them."""
        noted = (self.warehouse.path / "prefect" / "schedule.lock").read_text().split()
        return {name: int(pid) for name, _, pid in (one.partition(":") for one in noted)}

    def watch_memory(self, ended: threading.Event) -> None:
        """Notes how much memory server and worker have, until it is told to end."""
        while not ended.wait(_SAMPLE):
            try:
                for name, pid in self.pids().items():
                    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
                    self.memory.append((time.time(), name, pages * os.sysconf("SC_PAGE_SIZE")))
            except (OSError, ValueError):
                continue  # it starts, or ends


def _halved(archive: Path, commit: str) -> str:
    """A commit after this one that lacks every other file."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "GIT_INDEX_FILE": f"{folder}/index"}

        def git(*words: str, given: str = "") -> str:
            identity = ("-c", "user.name=Soak", "-c", "user.email=soak@example.invalid")
            done = subprocess.run(
                ["git", *identity, *words], cwd=archive, env=environment, input=given, capture_output=True, text=True,
                check=True,
            )  # fmt: skip
            return done.stdout.strip()

        lines = git("ls-tree", "-r", commit).splitlines()[::2]
        git("update-index", "--index-info", given="".join(f"{line}\n" for line in lines))
        return git("commit-tree", "-p", commit, "-m", "half of it", git("write-tree"))


def memory_table(memory: list[tuple[float, str, int]]) -> tuple[list[str], list[str]]:
    """The mean memory of server and worker in each third of the time, as markdown, and what is wrong with it."""
    lines, wrong = ["| MB of | first third | middle third | last third |", "| --- | ---: | ---: | ---: |"], []
    if not memory:
        return [], ["no memory was seen"]
    first, last = memory[0][0], memory[-1][0]
    for name in ("server", "worker"):
        thirds: list[list[int]] = [[], [], []]
        for at, of, size in memory:
            if of == name:
                thirds[min(2, int(3 * (at - first) / max(1.0, last - first)))].append(size)
        means = [statistics.mean(third) / 1e6 if third else 0.0 for third in thirds]
        lines.append(f"| {name} | {' | '.join(f'{mean:,.0f}' for mean in means)} |")
        if not means[1] or abs(means[2] / means[1] - 1) > _GROWTH:
            wrong.append(f"the memory of the {name} went from {means[1]:,.0f} to {means[2]:,.0f} MB")
    return lines, wrong


def runs_table(steps: list[Step], runs: list[dict[str, Any]]) -> list[str]:
    """What went wrong, how often, and what the server says of the runs meanwhile, as markdown."""
    states = ("Completed", "NothingNew", "Failed", "Crashed", "Cancelled")
    lines = [f"| what went wrong | times | {' | '.join(states)} | published after, s | wrong |",
             f"| --- {'| ---: ' * (len(states) + 3)}|"]  # fmt: skip
    names = [fault for fault in ("", *_FAULTS) if any(step.fault == fault for step in steps)]
    for name in [*names, "all"]:
        here = [step for step in steps if name in (step.fault, "all")]
        seen = Counter(run["state_name"] for run in runs for step in here if step.began <= _began(run) < step.ended)
        after = [step.published_after for step in here if step.published_after is not None]
        cells = (
            name or "nothing", len(here), *(seen[state] for state in states),
            f"{statistics.median(after):.0f} (at most {max(after):.0f})" if after else "",
            sum(bool(step.wrong) for step in here),
        )  # fmt: skip
        lines.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    return lines


def _began(run: dict[str, Any]) -> float:
    return datetime.fromisoformat(run["start_time"] or run["expected_start_time"]).timestamp()


def never_published(steps: list[Step], runs: list[dict[str, Any]]) -> list[str]:
    """The commits that no run published, or found published; a killed run may have done so and not said it."""
    served = {run["name"].split()[1].rstrip(":") for run in runs
              if run["name"].endswith((": published", ": nothing new"))}  # fmt: skip
    return [f"no run published {step.commit[:8]}" for step in steps if step.commit[:8] not in served]


def bad_rows(warehouse: Path) -> list[str]:
    """Releases that stand twice, and checks that failed."""
    with duckdb.connect(str(warehouse / "beehive.duckdb"), read_only=True) as reader:
        ((twice, failed),) = reader.execute(
            "select (select count(*) - count(distinct release_id) from releases), "
            "(select count(*) from meta.check_result where severity = 'fail' and not is_passed)"
        ).fetchall()
    return [f"{twice} releases stand twice"] * bool(twice) + [f"{failed} checks failed"] * bool(failed)


def run(soak: Soak, wanted: int) -> list[dict[str, Any]]:
    """Goes over the commits until every fault was there and the server has that many runs; gives its record of them."""
    commits = soak.archive.commits
    there_and_back = [*commits, *commits[-2:0:-1]]
    soak.archive.move(there_and_back[0])
    soak.start()
    until(lambda: soak.published() == there_and_back[0], _FIRST, "no first build")
    runs = soak.runs()
    while len(soak.steps) < len(_FAULTS) or len([one for one in runs if one["state_type"] not in _UNFINISHED]) < wanted:
        number = len(soak.steps)
        faults = _FAULTS if number < len(_FAULTS) or len(runs) < wanted / 3 else _LATER
        fault = faults[number % len(faults)]
        soak.step(there_and_back[(number + 1) % len(there_and_back)], fault)
        step = soak.steps[-1]
        runs = soak.runs()
        (soak.folder / "runs.json").write_text(json.dumps(runs, indent=1))
        sys.stderr.write(f"{len(runs)}/{wanted} runs, {step.commit[:8]}: {fault}, "
                         f"{step.ended - step.began:.0f} s {'; '.join(step.wrong)}\n")  # fmt: skip
    return runs


@contextmanager
def _folder(given: str | None) -> Iterator[Path]:
    if given:
        Path(given).mkdir(parents=True)
        yield Path(given).resolve()
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder).resolve()


def main() -> None:
    """Runs the soak, judges it and prints the tables."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--source", required=True, help="a git bundle or repository with its history")
    arguments.add_argument("--runs", type=int, default=60)
    arguments.add_argument("--every", type=int, default=60, help="seconds between two runs")
    arguments.add_argument("--folder", help="a new one, where all of it stays")
    given = arguments.parse_args()
    with _folder(given.folder) as folder:
        soak, ended = Soak(given.source, folder, given.every), threading.Event()
        watching = threading.Thread(target=soak.watch_memory, args=(ended,))
        watching.start()
        began, runs, wrong = time.time(), [], []
        try:
            runs = run(soak, given.runs)
        finally:
            ended.set()
            watching.join()
            wrong = soak.stop()
        (folder / "memory.csv").write_text("".join(f"{at:.0f},{name},{size}\n" for at, name, size in soak.memory))
        memory, grown = memory_table(soak.memory)
        stuck = [f"{one['name']} is still {one['state_name']}" for one in runs
                 if one["state_type"] in _UNFINISHED and _began(one) < time.time() - _STUCK]  # fmt: skip
        anew = Warehouse(folder / "anew", soak.archive)
        anew.refresh()
        differing = [f"differs from a build from nothing: {one}" for one in differences(soak.warehouse.path, anew.path)]
        wrong += [*grown, *stuck, *never_published(soak.steps, runs), *bad_rows(soak.warehouse.path), *differing]
        wrong += [f"{step.commit[:8]}, {step.fault}: {one}" for step in soak.steps for one in step.wrong]
    equal = "differs from" if differing else "equals"
    lines = [*runs_table(soak.steps, runs), "", *memory, "",
             f"{len(runs)} runs, one in {given.every} s, in {(time.time() - began) / 60:.0f} minutes over "
             f"{len(soak.steps)} commits. The last build {equal} one from nothing.", *wrong]  # fmt: skip
    sys.stdout.write("\n".join(lines) + "\n")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
