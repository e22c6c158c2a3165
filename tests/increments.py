"""Incremental builds, tried hard; each command prints what it did, and fails if a build differs from one from nothing.

`.venv/bin/python -m tests.increments kills`: a refresh is killed before and within each statement of an incremental
build. The published build stays whole, and the next run publishes what an undisturbed one does.

`.venv/bin/python -m tests.increments supersets --tries 200`: more releases, paths, words and governments are computed
anew than the touched sets select, chosen at random. The tables are the same. Sets that must be complete to be right are
kept so: all releases of one text, and those whose texts are compared with that of a release in work.touched_pair.

`.venv/bin/python -m tests.increments chain --source ARCHIVE --releases 2000 --syncs 100`: an archive of so many real
releases is synced so often, after random edits of one to eight files. The last build equals one from nothing; prints
how the files have grown, and how long some views take in both.
"""

import argparse
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb
import pytest

from flows import stages
from flows.errors import BeehiveError
from flows.load import sqlfiles, transform
from flows.load.database import one_row
from flows.load.parquet import LEFT_OUT_COLUMNS, find_files
from flows.pipeline import refresh
from flows.settings import Settings
from flows.verify import verify
from tests.clauses import Archive
from tests.conftest import ALL_GUARDS, GitArchive, Lines
from tests.pipeline.faults import (
    World,
    left_over,
    make_world,
    parquet,
    published,
    read_world,
    releases_of,
    run_child,
    runs,
)

# Kills itself when statement AT of the load begins, or SECONDS later; writes down what it reached.
KILLED = """
import os, threading
from flows.cli import main
from flows.load import transform

lock, count = threading.Lock(), 0

def may_die(run):
    def run_or_die(connection, name):
        global count
        with lock, open(os.environ["REACHED"], "a") as reached:
            count += 1
            number = count
            print(name, file=reached)
        if number == int(os.environ["AT"]):
            threading.Timer(float(os.environ["SECONDS"]), os.kill, (os.getpid(), 9)).start()
            if os.environ["SECONDS"] == "0":
                threading.Event().wait()
        run(connection, name)
    return run_or_die

transform._update_table, transform._fill_table = map(may_die, (transform._update_table, transform._fill_table))
main()
"""
STATEMENTS = len(sqlfiles.incremental_dependencies())  # of an incremental build; a full one has fewer
_LONGEST = 0.03  # seconds; few statements of a small build take longer


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Fault(Exception):
    """Something that must not happen, did."""


# ------------------------------------------------------------------------------------------------- kills


def kill(world: World, folder: Path, at: int, seconds: float) -> str:
    """Kill a refresh at a statement of its incremental build; return the statement, and which build readers then saw.

    Raises:
        Fault: readers see no whole build, or the next run does not heal.
    """
    warehouse, reached = folder / "warehouse", folder / "reached"
    for path in (warehouse, reached):
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    words = world.refresh(warehouse)
    killed = run_child(KILLED, *words, AT=str(at), SECONDS=f"{seconds:g}", REACHED=str(reached))
    where = reached.read_text().splitlines()[at - 1] if reached.exists() else "nothing"
    if killed.returncode != -9:
        raise Fault(f"{where}: exit code {killed.returncode}, not killed: {killed.stderr.strip()[-200:]}")
    file, files = published(warehouse), parquet(warehouse)
    for seen in (file, files):
        if seen is None or (seen != world.old and seen[1] != 13):
            raise Fault(f"{where}: readers see {file} and, in Parquet, {files}")
    if file == world.old and releases_of(warehouse) != _rows_before(world.before):
        raise Fault(f"{where}: the published build has other rows")
    runs(world.source, warehouse)
    if releases_of(warehouse) != world.expected:
        raise Fault(f"{where}: the next run publishes something else than an undisturbed one")
    if published(warehouse) != parquet(warehouse) or left_over(warehouse):
        raise Fault(f"{where}: the next run leaves {left_over(warehouse)}")
    with duckdb.connect(str(warehouse / "beehive.duckdb"), read_only=True) as reader:
        if one_row(reader, "select increment_number from build_info") != (1,):
            raise Fault(f"{where}: the next run builds everything anew")
    return f"{where}: {'old' if file == world.old else 'new'}"


@cache
def _rows_before(warehouse: Path) -> dict[str, list[tuple]]:
    return releases_of(warehouse)


def kills(seed: int, start: int) -> Iterator[str]:
    """Kill before and within each statement; yield faults."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        make_world(Path(name) / "world")
        world = read_world(Path(name) / "world")
        seen = []
        for within in (False, True):
            for at in range(start, STATEMENTS + 1):
                seconds = chance.uniform(0.001, _LONGEST) if within else 0
                try:
                    seen.append(kill(world, Path(name), at, seconds))
                except (Fault, AssertionError, OSError, duckdb.Error, BeehiveError) as error:
                    yield f"killed {seconds:.3f} s after statement {at} began: {type(error).__name__}: {error}"
                    seen.append("fault")
                sys.stderr.write(f"{at}/{STATEMENTS} {seconds:.3f} s, {seen[-1]}\n")
        old = sum(one.endswith("old") for one in seen)
        _say(f"{len(seen)} kills, before and within each of {STATEMENTS} statements; readers saw {old} times the old "
              f"build, {len(seen) - old} times the new one; seed {seed}")  # fmt: skip


# --------------------------------------------------------------------------------------------- supersets

_ALL = "(select release_id from work.current_release union select release_id from before.current_release)"
_SAME_TEXT = f"""
insert into work.touched_{{scope}}
with texts as (
    select release_id, text_key from work.current_release
    union
    select release_id, text_key from before.current_release
)
select release_id
from {_ALL}
where release_id in (
    select texts.release_id
    from texts
    where texts.text_key in (select text_key from texts inner join work.touched_{{scope}} using (release_id))
)
except from work.touched_{{scope}}
"""


@contextmanager
def more_touched(seed: str) -> Iterator[list[str]]:
    """Add random releases to each touched set when it is made; give what was added."""
    update, added = transform._update_table, list[str]()

    def update_and_add(connection: duckdb.DuckDBPyConnection, name: str) -> None:
        update(connection, name)
        scope = name.removeprefix("work.touched_")
        chance = random.Random(f"{seed} {scope}")
        if name == scope or chance.random() < 0.3:
            return
        key, every = {
            "government": ("government_id", "work.government"),
            "history": ("path", "staging.path_event"),
            "word": ("term", "work.title_word"),
        }.get(scope, ("release_id", _ALL))
        share = 1 if scope == "pair" else chance.choice([0.02, 0.2, 0.7, 1])
        ids = [
            one for (one,) in connection.execute(f"select {key} from {every} except from {name} order by 1").fetchall()
        ]
        chosen = [one for one in ids if chance.random() < share]
        if chosen:
            connection.executemany(f"insert into {name} values ($1)", [[one] for one in chosen])
            added.append(f"{scope} {len(chosen)}")
        if scope in ("release", "office"):
            connection.execute(_SAME_TEXT.format(scope=scope))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transform, "_update_table", update_and_add)
        yield added


def supersets(seed: int, tries: int) -> Iterator[str]:
    """Build with random supersets of the touched sets; yield faults."""
    with tempfile.TemporaryDirectory() as name:
        archive, done = Archive(Path(name)), 0
        for number in range(tries):
            script = ("sync", "like texts", "fewer like texts", "fewer like titles")[number % 4]
            with more_touched(f"{seed} {number}") as added:
                found = archive.load(script).differences()
            done += bool(added)
            sys.stderr.write(f"{number + 1}/{tries} {script}: {', '.join(added)} {found or ''}\n")
            if found:
                yield f"try {number} of {script!r} with more of {', '.join(added)}: {'; '.join(found)}"
        _say(f"{tries} builds, {done} of them with more releases than are touched; seed {seed}")


# ------------------------------------------------------------------------------------------------- chain

_VIEWS = (
    "select count(*), max(title) from releases",
    "from releases_by_month",
    "from portfolio_holders",
    "from share_of_voice",
    "from statements",
    "from releases_about('health funding') limit 20",
)


class Chain:
    """An archive of some of the releases of a real one, which is edited at random."""

    def __init__(self, source: str, folder: Path, count: int, seed: int) -> None:
        self._chance = random.Random(seed)
        self.git = GitArchive(folder / "archive")
        real = folder / "real"
        subprocess.run(["git", "clone", "--quiet", source, str(real)], check=True)
        paths = sorted(path.relative_to(real).as_posix() for path in real.glob("releases/*/*/*.md"))
        self._pool = self._chance.sample(paths, min(len(paths), 2 * count))
        self._text = {path: (real / path).read_text(encoding="utf-8") for path in self._pool}
        shutil.rmtree(real)
        self._here = dict[str, str]()
        for path in self._pool[:count]:
            self._write(path, self._text[path])
        self._past = [dict(self._here)]
        self.git.commit()

    def _write(self, path: str, text: str) -> None:
        self._here[path] = text
        self.git.write(path, text)

    def _remove(self, path: str) -> None:
        del self._here[path]
        (self.git.path / path).unlink()

    def edit(self) -> None:
        """Edit one to eight files, in one to three commits."""
        for _ in range(self._chance.randint(1, 3)):
            for _ in range(self._chance.randint(1, 3)):
                kind = self._chance.choice([self._add, self._add, self._change, self._recredit, self._move, self._drop,
                                            self._revert, self._copy])  # fmt: skip
                kind(self._chance.choice(sorted(self._here)))
            self.git.commit()
        self._past.append(dict(self._here))

    def _add(self, _: str) -> None:
        if missing := [path for path in self._pool if path not in self._here]:
            path = self._chance.choice(missing)
            self._write(path, self._text[path])

    def _change(self, path: str) -> None:
        self._write(path, f"{self._here[path].rstrip()}\n\nMore was said on {self._chance.randint(1, 28)} June 2003.\n")

    def _recredit(self, path: str) -> None:
        """Give the release the ministers and portfolios of another one."""
        other = self._here[self._chance.choice(sorted(self._here))]
        pattern = r"(?ms)^ministers:.*?(?=^---$)"
        found = re.search(pattern, other)
        self._write(path, re.sub(pattern, lambda _: found[0] if found else "", self._here[path], count=1))

    def _move(self, path: str) -> None:
        """Give the file another name."""
        text = self._here[path]
        self._remove(path)
        self._write(path.replace(".md", f"-{self._chance.randint(2, 9)}.md"), text)

    def _drop(self, path: str) -> None:
        self._remove(path)

    def _revert(self, path: str) -> None:
        before = [old[path] for old in self._past if path in old and old[path] != self._here[path]]
        if before:
            self._write(path, self._chance.choice(before))

    def _copy(self, path: str) -> None:
        """Copy the text to another release."""
        other = self._chance.choice(sorted(self._here))
        body = self._here[path].partition("\n---\n")[2]
        self._write(other, f"{self._here[other].partition(chr(10) + '---' + chr(10))[0]}\n---\n{body}")


def chain(source: str, count: int, syncs: int, seed: int) -> Iterator[str]:
    """Sync a real archive many times; yield faults."""
    stages.refuse_changed_program = lambda: None  # type: ignore[assignment] # the code may be edited meanwhile
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = Chain(source, folder, count, seed)
        settings = Settings(source=str(archive.git.path), warehouse=folder / "warehouse", workers=1,
                            full_build_every=10 * syncs)  # fmt: skip
        refresh(settings, Lines(), allow=ALL_GUARDS)
        sizes = [_sizes(settings)]
        latency = _latency(settings)
        seconds, reasons, touched = list[float](), list[str](), list[int]()
        for number in range(syncs):
            archive.edit()
            start = time.process_time()
            refresh(settings, Lines(), allow=ALL_GUARDS)
            with duckdb.connect(str(settings.published), read_only=True) as reader:
                increment, reason, releases = one_row(
                    reader, "select increment_number, full_build_reason, touched_count from build_info"
                )
            if increment:
                seconds.append(time.process_time() - start)
                touched.append(releases)
            else:
                reasons.append(reason)
            sizes.append(_sizes(settings))
            sys.stderr.write(f"{number + 1}/{syncs} {time.process_time() - start:.1f} s, increment {increment}, "
                             f"touched {releases} {reason or ''}, {sizes[-1]}\n")  # fmt: skip
        grown = _latency(settings)
        verified = verify(settings, Lines())
        for difference in verified.differences:
            counts = f"+{difference.published_count} -{difference.rebuilt_count}"
            yield f"{difference.name}: {counts} {difference.examples[:1]}"
        yield from _parquet_differences(settings)
        refresh(settings, Lines(), rebuild=True, allow=ALL_GUARDS)
        anew, fresh = _sizes(settings), _latency(settings)
    _say(f"{syncs} syncs of {count} releases, seed {seed}: {len(seconds)} incremental, median "
          f"{statistics.median(seconds):.2f} CPU s, {statistics.median(touched):.0f} releases touched (most "
          f"{max(touched)}); {len(reasons)} full: {sorted(set(reasons))}; {len(verified.names)} tables and views "
          f"compared with a build from nothing, {len(verified.differences)} differ")  # fmt: skip
    _say("| file | first, MB | after the syncs | built anew |\n| --- | ---: | ---: | ---: |")
    for file, first in sizes[0].items():
        _say(f"| {file} | {first:.1f} | {sizes[-1][file]:.1f} | {anew[file]:.1f} |")
    _say("| query | first, ms | after the syncs | built anew |\n| --- | ---: | ---: | ---: |")
    for query in _VIEWS:
        _say(f"| {query} | {latency[query]:.1f} | {grown[query]:.1f} | {fresh[query]:.1f} |")


def _parquet_differences(settings: Settings) -> Iterator[str]:
    """Yield the tables and views whose Parquet files have other rows than the published file."""
    with duckdb.connect(str(settings.published), read_only=True) as reader:
        for file in (*sqlfiles.tables(), *sqlfiles.views()):
            if files := [str(path) for path in find_files(settings.parquet, file.qualified)]:
                left_out = LEFT_OUT_COLUMNS.get(file.qualified, ())
                columns = ", ".join(column for column in file.columns if column not in left_out)
                sides = f"select {columns} from {file.qualified}", f"select {columns} from read_parquet({files})"
                for one, other in (sides, sides[::-1]):
                    if count := one_row(reader, f"select count(*) from ({one} except all {other})")[0]:
                        yield f"{file.qualified}: {count} rows of {one[-60:]} are not there"


def _sizes(settings: Settings) -> dict[str, float]:
    """Return the sizes of the files that an incremental build begins with, in MB."""
    return {path.name: path.stat().st_size / 1e6 for path in (settings.published, settings.work, settings.staging)}


def _latency(settings: Settings) -> dict[str, float]:
    """Return the fastest of nine runs of some queries, in milliseconds."""
    found = {}
    with duckdb.connect(str(settings.published), read_only=True) as reader:
        for query in _VIEWS:
            times = []
            for _ in range(9):
                start = time.perf_counter()
                reader.execute(query).fetchall()
                times.append(time.perf_counter() - start)
            found[query] = 1000 * min(times)
    return found


def main() -> None:
    """Run one of the commands; exit with 1 if there is a fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("kills").add_argument("--start", type=int, default=1, help="number of the first statement")
    commands.add_parser("supersets").add_argument("--tries", type=int, default=200)
    of_chain = commands.add_parser("chain")
    of_chain.add_argument("--source", required=True, help="a git bundle or repository")
    of_chain.add_argument("--releases", type=int, default=2000)
    of_chain.add_argument("--syncs", type=int, default=100)
    given = parser.parse_args()
    runs_of: dict[str, Callable[[], Iterator[str]]] = {
        "kills": lambda: kills(given.seed, given.start),
        "supersets": lambda: supersets(given.seed, given.tries),
        "chain": lambda: chain(given.source, given.releases, given.syncs, given.seed),
    }
    faults = list(runs_of[given.command]())
    sys.stdout.write("\n".join([*faults, f"{len(faults)} faults\n"]))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
