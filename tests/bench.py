"""Benchmarks: `make bench SOURCE=...`. Whole processes, interleaved, with the floors beside them in the same run.

Wall and CPU seconds and the peak memory of the whole process tree (proportional set size, so that shared pages
count once). The machine may be noisy: quote the ratios, which come from one run.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from flows.paths import SAMPLE

_FLOOR = """
import sys, frontmatter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
def read(paths):
    for path in paths:
        frontmatter.parse(Path(path).read_text(encoding="utf-8"))
if __name__ == "__main__":
    paths = [str(path) for path in Path(sys.argv[1]).rglob("*.md")]
    groups = [paths[i : i + 512] for i in range(0, len(paths), 512)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(read, groups))
"""
_REFRESH = "from flows.cli import main; main()"


@dataclass
class Measured:
    """Runs of one case."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)


def measure(command: list[str], into: Measured) -> None:
    """Runs a command and adds its wall seconds, CPU seconds (children included) and peak megabytes."""
    before = os.times()
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watcher.start()
    _, errors = process.communicate()
    wall = time.perf_counter() - start
    watcher.join()
    after = os.times()
    if process.returncode:
        raise SystemExit(f"{command} failed: {errors.decode()[-2000:]}")
    into.wall.append(wall)
    into.cpu.append(after.children_user + after.children_system - before.children_user - before.children_system)
    into.peak.append(peak[0])


def _watch(process: subprocess.Popen[bytes], peak: list[float]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], sum(_proportional_size(pid) for pid in _tree(process.pid)) / 1024)
        time.sleep(0.1)


def _tree(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(one for child in children for one in _tree(int(child)))]


def _proportional_size(pid: int) -> int:
    """Kilobytes; 0 for a process that has ended meanwhile."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def main() -> None:
    """Measures a full refresh, nothing new and a small sync against reading with python-frontmatter alone."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--source", default=str(SAMPLE), help="a git bundle or repository, or a directory")
    arguments.add_argument("--runs", type=int, default=3)
    given = arguments.parse_args()
    results = {name: Measured() for name in ("floor", "full refresh", "nothing new", "small sync")}
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        floor = here / "floor.py"
        floor.write_text(_FLOOR)
        files, is_git = Path(given.source), not Path(given.source).is_dir()
        if is_git:
            files = here / "checkout"
            subprocess.run(["git", "clone", "--quiet", given.source, str(files)], check=True)
        for number in range(given.runs):
            warehouse = here / f"warehouse-{number}"
            refresh = [sys.executable, "-c", _REFRESH, "refresh", "--warehouse", str(warehouse), "--source"]
            measure([sys.executable, str(floor), str(files)], results["floor"])
            measure([*refresh, given.source], results["full refresh"])
            measure([*refresh, given.source], results["nothing new"])
            if is_git:
                measure([*refresh, given.source, "--ref", "HEAD~1"], results["small sync"])
            size = (warehouse / "beehive.duckdb").stat().st_size / 1e6
    base = statistics.median(results["floor"].wall)
    lines = ["| case | wall s | x floor | CPU s | peak MB |", "| --- | ---: | ---: | ---: | ---: |"]
    for name, measured in results.items():
        if measured.wall:
            wall, cpu, peak = (statistics.median(values) for values in (measured.wall, measured.cpu, measured.peak))
            lines.append(f"| {name} | {wall:.2f} | {wall / base:.2f} | {cpu:.2f} | {peak:.0f} |")
    lines += ["", f"Floor: python-frontmatter alone on every file, two processes. Median of {given.runs} runs.",
              f"Published file: {size:.1f} MB."]  # fmt: skip
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
