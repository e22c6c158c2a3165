"""Benchmarks: `make bench SOURCE=...`. Whole processes, interleaved, with floors and others' ways in the same run.

Wall and CPU seconds and the peak memory of the whole process tree (proportional set size, so that shared pages
count once). The machine may be noisy: quote the ratios, which come from one run.

    .venv/bin/python -m tests.bench --source ARCHIVE --scale 1 5 10 --peer --page docs/benchmarks.md
"""

import argparse
import csv
import os
import platform
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from flows.load.database import connect
from tests.conftest import BUNDLE

HERE = Path(__file__).parent / "benchmarks"
REFRESH = "from flows.cli import main; main()"
SLOW = 0.1  # seconds that a public view may take
_CACHES = Path("/proc/sys/vm/drop_caches")
_PEER = ("dlt[duckdb]>=1.18", "python-frontmatter>=1.1")


@dataclass
class Measured:
    """Runs of one case."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)


Results = dict[str, Measured]


def measure(command: list[str], into: Measured, **environment: str) -> None:
    """Runs a command and adds its wall seconds, CPU seconds (children included) and peak megabytes."""
    before = os.times()
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, **environment}
    )
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


# ------------------------------------------------------------------------------------------------- archives


def git(repository: Path, *words: str, **given: bytes) -> str:
    """What git says."""
    identity = ["-c", "user.name=Bench", "-c", "user.email=bench@example.invalid"]
    done = subprocess.run(["git", *identity, *words], cwd=repository, capture_output=True, check=True, **given)
    return done.stdout.decode().strip()


def multiply(files: Path, times: int, repository: Path) -> None:
    """Makes a repository of a checkout's releases, each `times` times: other slugs and titles, words in another order.

    So copies are no twins of each other, and are not compared more often than releases are; fewer names are found.
    """
    repository.mkdir()
    git(repository, "init", "--quiet", "--bare", "--initial-branch=main")
    writer = subprocess.Popen(["git", "fast-import", "--quiet"], cwd=repository, stdin=subprocess.PIPE)
    assert writer.stdin is not None
    writer.stdin.write(b"commit refs/heads/main\ncommitter Bench <bench@example.invalid> 1700000000 +0000\ndata 0\n")
    for path in sorted(files.glob("releases/**/*.md")):
        front, _, body = path.read_text(encoding="utf-8").partition("\n---\n")
        words = body.split(" ")
        for number in range(times):
            text = (
                body if number == 0 else " ".join(w for start in range(number + 1) for w in words[start :: number + 1])
            )
            titled = re.sub(r"(?m)^(title: ['\"]?)(?=\w)", rf"\g<1>{number} ", front) if number else front
            content = f"{titled}\n---\n{text}".encode()
            name = path.relative_to(files).with_suffix("").as_posix() + (f"-x{number}" if number else "")
            writer.stdin.write(b"M 100644 inline %s.md\ndata %d\n%s\n" % (name.encode(), len(content), content))
    writer.stdin.close()
    if writer.wait():
        raise SystemExit(f"git fast-import failed on {repository}.")


def small_sync(repository: Path) -> None:
    """Adds a commit to a bare repository: five new releases, two edited ones and one that is gone."""
    branch, listed = git(repository, "symbolic-ref", "HEAD"), git(repository, "ls-tree", "-r", "--name-only", "HEAD")
    *_, one, two, gone = [path for path in listed.split("\n") if re.fullmatch(r"releases/.*\.md", path)]
    text = git(repository, "show", f"HEAD:{one}")
    changes = {one.replace(".md", f"-{number}.md"): f"{text}\n\nNumber {number}.\n" for number in range(5)}
    changes |= {path: f"{git(repository, 'show', f'HEAD:{path}')}\n\nA paragraph more.\n" for path in (one, two)}
    commit = (
        f"commit {branch}\ncommitter Bench <bench@example.invalid> {time.time():.0f} +0000\ndata 4\nsync\nfrom HEAD^0\n"
    )
    lines = [commit.encode(), b"D %s\n" % gone.encode()]
    for path, new in changes.items():
        lines.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(new.encode()), new.encode()))
    git(repository, "fast-import", "--quiet", input=b"".join(lines))


# ---------------------------------------------------------------------------------------------------- cases


def cold() -> bool:
    """Empties the page cache; False where that is not allowed."""
    try:
        os.sync()
        _CACHES.write_text("3")
    except OSError:
        return False
    return True


def run_once(here: Path, files: Path, source: str, peer: Path | None, results: Results) -> Path:
    """Each case once, one after the other; gives the warehouse."""
    warehouse = Path(tempfile.mkdtemp(dir=here)) / "warehouse"
    refresh = [sys.executable, "-c", REFRESH, "refresh", "--warehouse", str(warehouse), "--source"]

    def case(name: str, command: list[str], **environment: str) -> None:
        measure(command, results.setdefault(name, Measured()), **environment)
        sys.stderr.write(f"{name}: {results[name].wall[-1]:.2f} s\n")

    case("floor: files read", [sys.executable, str(HERE / "read.py"), str(files)])
    case("floor: python-frontmatter, two processes", [sys.executable, str(HERE / "floor.py"), str(files)])
    case("naive: a loop and executemany", [sys.executable, str(HERE / "naive.py"), str(files), f"{warehouse}.naive"])
    if peer:
        case("dlt, first load", [str(peer), str(HERE / "peer.py"), str(files), f"{warehouse}.dlt"])
        case("dlt, nothing new", [str(peer), str(HERE / "peer.py"), str(files), f"{warehouse}.dlt"])
    case("full refresh", [*refresh, source])
    case("nothing new", [*refresh, source])
    if cold():
        case("nothing new, cold", [*refresh, source])
    with _prefect_server(here) as address:
        case("nothing new, as a flow run on a Prefect server", [*refresh, source], PREFECT_API_URL=address)
    if not Path(source).is_dir():
        clone = Path(tempfile.mkdtemp(dir=here)) / "clone"
        subprocess.run(["git", "clone", "--quiet", "--bare", source, str(clone)], check=True)
        small_sync(clone)
        measure([*refresh, str(clone)], Measured())  # all is built anew from another source; what follows is a sync
        small_sync(clone)
        case("small sync (5 new, 2 edited, 1 gone)", [*refresh, str(clone)])
        if cold():
            small_sync(clone)
            case("small sync, cold", [*refresh, str(clone)])
            other = Path(tempfile.mkdtemp(dir=here)) / "warehouse"
            cold()
            case("full refresh, cold", [*refresh[:5], str(other), "--source", source])
    return warehouse


@contextmanager
def _prefect_server(here: Path) -> Iterator[str]:
    """A real server on a free port of this machine, without its own schedules of work."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = Path(tempfile.mkdtemp(dir=here))
    address = f"http://127.0.0.1:{port}/api"
    environment = {**os.environ, "PREFECT_HOME": str(home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            for _ in range(120):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.5)
            time.sleep(5)  # until it has done what it does at its start
            yield address
        finally:
            server.terminate()
            server.wait(30)


def make_peer(here: Path) -> Path:
    """An environment of its own for dlt; gives its Python."""
    venv.create(here / "peer", with_pip=True)
    python = here / "peer" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", *_PEER], check=True)
    return python


def slowest_views(published: Path) -> list[tuple[float, str, int]]:
    """Seconds (best of three, warm, all to Arrow), name and rows of each public view, slowest first."""
    found = []
    with connect(published, read_only=True) as reader:
        views = "select view_name from duckdb_views() where not internal"
        for (name,) in reader.execute(views).fetchall():
            seconds = []
            for _ in range(3):
                start = time.perf_counter()
                rows = reader.sql(f'select * from "{name}"').to_arrow_table().num_rows
                seconds.append(time.perf_counter() - start)
            found.append((min(seconds), name, rows))
    return sorted(found, reverse=True)


def time_searches(published: Path) -> list[float]:
    """Seconds of each labelled question of the tests, asked three times after a first round, fastest first."""
    with (Path(__file__).parent / "full" / "search_questions.csv").open(encoding="utf-8") as file:
        questions = [row["question"] for row in csv.DictReader(file)]
    seconds = []
    with connect(published, read_only=True) as reader:
        for turn in range(4):
            for question in questions:
                start = time.perf_counter()
                reader.execute("from releases_about($1) limit 10", [question]).fetchall()
                if turn:
                    seconds.append(time.perf_counter() - start)
    return sorted(seconds)


# ---------------------------------------------------------------------------------------------------- table


def table(results: Results, base: float) -> Iterator[str]:
    """Medians, and the ratio of the wall time to the floor with its least and greatest."""
    yield "| case | wall s | x floor | least to most | CPU s | peak MB |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for name, found in results.items():
        wall, cpu, peak = (statistics.median(values) for values in (found.wall, found.cpu, found.peak))
        spread = f"{min(found.wall) / base:.2f} to {max(found.wall) / base:.2f}"
        yield f"| {name} | {wall:.2f} | {wall / base:.2f} | {spread} | {cpu:.2f} | {peak:.0f} |"


def main() -> None:
    """Measures, and prints or writes the tables."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--source", help="a git bundle or repository, or a directory; else the bundle of the tests")
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--scale", type=int, nargs="+", default=[1], help="sizes, as multiples of the archive")
    arguments.add_argument("--peer", action="store_true", help="dlt, too, in an environment of its own")
    arguments.add_argument("--page", type=Path, help="write the tables into this page, between its marks")
    given = arguments.parse_args()
    if given.source is None and not BUNDLE.exists():
        arguments.error("there is no archive beside the project: name one with --source (make bench SOURCE=...)")
    given.source = given.source or str(BUNDLE)
    lines = [f"{date.today():%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}, "  # noqa: DTZ011
             f"DuckDB {duckdb.__version__}; median of {given.runs} runs, each case once in each.", ""]  # fmt: skip
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        here = Path(folder)
        files, source = Path(given.source), given.source
        if not files.is_dir():
            files = here / "checkout"
            subprocess.run(["git", "clone", "--quiet", given.source, str(files)], check=True)
        peer = make_peer(here) if given.peer else None
        results: Results = {}
        for _ in range(given.runs):
            warehouse = run_once(here, files, source, peer, results)
        base = statistics.median(results["floor: python-frontmatter, two processes"].wall)
        count = sum(1 for _ in files.glob("releases/**/*.md"))
        lines += [f"{count:,} files. The floor of the ratios is python-frontmatter on every file, two processes.", ""]
        lines += table(results, base)
        sizes = [(path.name, path.stat().st_size / 1e6) for path in sorted(warehouse.glob("*.duckdb"))]
        parquet = sum(path.stat().st_size for path in (warehouse / "parquet").resolve().rglob("*.parquet")) / 1e6
        lines += ["", f"Files: {', '.join(f'{name} {size:.1f} MB' for name, size in sizes)}, Parquet {parquet:.1f} MB."]
        views = slowest_views(warehouse / "beehive.duckdb")
        shown = ", ".join(f"{name} {1000 * seconds:.0f} ms ({rows:,} rows)" for seconds, name, rows in views[:5])
        slow = sum(seconds > SLOW for seconds, _, _ in views)
        lines += ["", f"{len(views)} public views, every row of each: {slow} over 100 ms; the slowest {shown}."]
        searches = time_searches(warehouse / "beehive.duckdb")
        middle, high = (1000 * searches[int(len(searches) * share)] for share in (0.5, 0.99))
        lines += ["", f"{len(searches)} searches: median {middle:.0f} ms, 99 of 100 within {high:.0f} ms."]
        if len(given.scale) > 1:
            lines += ["", *scales(here, files, given.scale)]
    text = "\n".join(lines) + "\n"
    if given.page:
        page = given.page.read_text(encoding="utf-8")
        marks = re.compile(r"(<!-- written by tests\.bench -->\n).*?(<!-- until here -->)", re.DOTALL)
        given.page.write_text(marks.sub(lambda found: f"{found[1]}\n{text}\n{found[2]}", page), encoding="utf-8")
    sys.stdout.write(text)


def scales(here: Path, files: Path, multiples: list[int]) -> Iterator[str]:
    """Refreshes of the archive several times over: seconds a release, memory against that of the first, and a sync."""
    yield "| archive | files | full refresh s | ms a file | x the first | peak MB | x the first | file MB | sync s |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    first: tuple[float, float] | None = None
    for times in multiples:
        written, warehouse, found, sync = here / f"x{times}.written", here / f"x{times}", Measured(), Measured()
        multiply(files, times, written)
        repository = here / f"x{times}.git"  # as a server packs it, whose memory is not ours
        subprocess.run(["git", "clone", "--quiet", "--bare", "--no-local", str(written), str(repository)], check=True)
        count = len(git(repository, "ls-tree", "-r", "--name-only", "main").split("\n"))
        command = [sys.executable, "-c", REFRESH, "refresh", "--warehouse", str(warehouse), "--source", str(repository)]
        measure(command, found)
        small_sync(repository)
        measure(command, sync)
        each, peak = 1000 * found.wall[0] / count, found.peak[0]
        first = first or (each, peak)
        size = (warehouse / "beehive.duckdb").stat().st_size / 1e6
        yield (
            f"| {times} | {count:,} | {found.wall[0]:.1f} | {each:.2f} | {each / first[0]:.2f} | {peak:.0f} "
            f"| {peak / first[1]:.2f} | {size:.0f} | {sync.wall[0]:.1f} |"
        )
        sys.stderr.write(f"{times} times: {found.wall[0]:.1f} s, then {sync.wall[0]:.1f} s\n")


if __name__ == "__main__":
    main()
