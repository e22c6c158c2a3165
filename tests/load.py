"""Let people read `beehive serve` while builds are published: `.venv/bin/python -m tests.load --warehouse DIR`.

Each of 20 users looks at a page, thinks for one to five seconds, and goes on: to the start page, a search in words or
by facets, another page of it, a release it found. First nothing is published (`--calm` says for how many seconds).
Then copies of the published file, each with a build id of its own, take its place. Prints for both times the latency
by kind of page and the CPU time of the server; how long after its publication each build is seen; the memory of the
server and how many builds it has open; and what failed. Exits with 1 if anything did.
"""

import argparse
import os
import random
import re
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from urllib.parse import quote

import duckdb

from tests.web.conftest import Door, start

WORDS = """housing;health funding;"fast track";whale*;kāinga ora;climate change;budget 2004;police numbers;
rail OR ferry;roads of national significance;free trade agreement;treaty settlement;"te reo";teachers pay;hospital;
dairy;earthquake recovery;covid vaccine;student loans;"prime minister" visit;fisheries quota;broadband;child poverty;
tourism;biosecurity;minimum wage;superannuation;meth*;freshwater;antarctica""".replace("\n", "").split(";")
KINDS = {"start": 1, "search": 4, "narrowed search": 3, "next page": 2, "release": 6, "facets alone": 2, "again": 1}
THINKING = (1, 5)  # seconds


@dataclass
class Seen:
    """What the users saw."""

    times: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))  # begun, seconds
    statuses: Counter[int] = field(default_factory=Counter)
    builds: dict[str, float] = field(default_factory=dict)  # when each was seen first
    wrong: list[str] = field(default_factory=list)


class User:
    """Somebody who reads, and follows links of the pages they see."""

    def __init__(self, door: Door, seen: Seen, number: int) -> None:
        self._door, self._seen, self._random = door, seen, random.Random(number)
        self._facets = ["/search?year=2003"]
        self._releases = ["/releases/2003-06-17-nz-becomes-100th-member-iom"]
        self._next, self._etag = ["/search?page=2"], ("/", "")

    def read_until(self, end: float) -> None:
        time.sleep(self._random.uniform(0, THINKING[1]))
        while time.monotonic() < end:
            kind = self._random.choices(list(KINDS), list(KINDS.values()))[0]
            self._read(kind)
            time.sleep(self._random.uniform(*THINKING))

    def _read(self, kind: str) -> None:
        headers = {"accept_encoding": "identity"}
        path = {
            "start": "/",
            "search": f"/search?q={quote(self._random.choice(WORDS))}",
            "narrowed search": self._random.choice(self._facets),
            "next page": self._random.choice(self._next),
            "release": self._random.choice(self._releases),
            "facets alone": f"/search?year={self._random.randint(1997, 2025)}",
            "again": self._etag[0],
        }[kind]
        if kind == "again":
            headers["if_none_match"] = self._etag[1]
        begun = time.monotonic()
        try:
            answer = self._door.get(path, **headers)
        except OSError as error:
            self._seen.wrong.append(f"{path}: {error}")
            return
        self._seen.times[kind].append((begun, time.monotonic() - begun))
        self._seen.statuses[answer.status] += 1
        if answer.status not in (200, 304):
            said = re.findall('<p role="alert">(.*)</p>', answer.text) or [answer.text[:200]]
            self._seen.wrong.append(f"{path}: {answer.status} {said[0]}")
            return
        self._seen.builds.setdefault(answer.headers["x-build-id"], time.monotonic())
        if answer.status == 200:
            self._etag = path, answer.headers["etag"]
            links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"]+)"', answer.text)]
            releases = [one for one in links if one.startswith("/releases/") and not one.endswith(".json")]
            self._releases = releases or self._releases
            if path.startswith("/search?q="):
                lists = [one for one in links if one.startswith("/search?")]
                self._facets = [one for one in lists if re.search("&(minister|portfolio|year)=", one)] or self._facets
                self._next = [one for one in lists if "page=" in one] or self._next


def make_build(folder: Path, source: Path, number: int) -> Path:
    """Return a copy of a build with an id of its own."""
    new = folder / f"build-{number}"
    shutil.copyfile(source, new)
    with duckdb.connect(str(new)) as connection:
        connection.execute("update meta.build set build_id = $1", [new.name])
    return new


def memory(process: int) -> float:
    """Return the resident memory of a process in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1e3


def cpu(process: int) -> float:
    """Return the CPU time of a process in seconds."""
    parts = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def open_builds(process: int) -> int:
    """Return how many files of builds a process has open."""
    links = []
    for link in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):
            links.append(str(link.readlink()))
    return sum("beehive.duckdb" in one or "build-" in one for one in links)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--warehouse", type=Path, required=True, help="only read")
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--calm", type=float, default=120, help="seconds before the first publication")
    parser.add_argument("--seconds", type=float, default=300, help="after that, in which the builds are published")
    parser.add_argument("--builds", type=int, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Path(folder) / "warehouse"
        warehouse.mkdir()
        source = given.warehouse / "beehive.duckdb"
        builds = [make_build(warehouse, source, number) for number in range(given.builds + 1)]
        builds[0].replace(warehouse / source.name)
        door = start(warehouse, Path(folder) / "serve.log")
        try:
            return _run(door, builds[1:], given)
        finally:
            door.process.kill()
            door.process.wait()


def _run(door: Door, builds: list[Path], given: argparse.Namespace) -> int:
    while not door.get("/health").json().get("is_warm", True):
        time.sleep(0.5)
    process, seen, published = door.process.pid, Seen(), dict[str, float]()
    sizes, open_counts, used = list[float](), list[int](), [cpu(process)]
    begun = time.monotonic()
    calm, end = begun + given.calm, begun + given.calm + given.seconds
    users = [threading.Thread(target=User(door, seen, n).read_until, args=(end,)) for n in range(given.users)]
    for user in users:
        user.start()
    waiting = list(builds)
    while (now := time.monotonic()) < end:
        if now >= calm and len(used) == 1:
            used.append(cpu(process))
        if waiting and now >= calm + given.seconds * (len(published) + 1) / (given.builds + 1):
            build = waiting.pop(0)
            build.replace(build.with_name("beehive.duckdb"))
            published[build.name] = now
        sizes.append(memory(process))
        open_counts.append(open_builds(process))
        time.sleep(1)
    for user in users:
        user.join()
    used.append(cpu(process))
    load = os.getloadavg()[0]
    lines = [f"load of the machine: {load:.1f} on {os.cpu_count()} cores"]
    for what, start_, stop, seconds in (
        ("nothing is published", begun, calm, used[1] - used[0]),
        (f"{len(published)} builds are published", calm, inf, used[-1] - used[1]),
    ):
        lines += _table(what, seen, start_, stop, seconds)
    delays = sorted(seen.builds[name] - at for name, at in published.items() if name in seen.builds)
    lines += [
        f"statuses: {dict(seen.statuses)}; builds seen: {len(seen.builds)} of {given.builds + 1}",
        f"seconds from publication to the first answer of the build: {', '.join(f'{delay:.0f}' for delay in delays)}",
        f"memory of the server: {sizes[0]:.0f} MB at first, at most {max(sizes):.0f}, at last {sizes[-1]:.0f}; "
        f"at most {max(open_counts)} builds open",
        f"errors: {len(seen.wrong)}",
        *seen.wrong[:10],
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if seen.wrong else 0


def _table(what: str, seen: Seen, start_: float, stop: float, seconds: float) -> list[str]:
    """Return lines on the answers to what was asked in a time, by kind of page."""
    times = {
        kind: sorted(one for begun, one in found if start_ <= begun < stop)
        for kind, found in sorted(seen.times.items())
    }
    times["all"] = sorted(one for found in times.values() for one in found)
    lines = ["", f"{what:<28} {'count':>6} {'median':>8} {'p90':>8} {'p99':>8} {'most':>8}  ms"]
    for kind, ordered in times.items():
        if ordered:
            marks = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.9, 0.99, 1)]
            lines.append(f"{kind:<28} {len(ordered):>6}" + "".join(f"{1000 * mark:>9.0f}" for mark in marks))
    count = len(times["all"])
    return [*lines, f"CPU of the server: {seconds:.0f} s, {1000 * seconds / max(1, count):.0f} ms a page", ""]


if __name__ == "__main__":
    sys.exit(main())
