"""Processes read while builds are published and taken back: none meets an error, none sees a mixed build.

Before each publication, a refresh is killed at some statement of the load.
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.load import sqlfiles
from tests.conftest import ROOT, FirstBuild, GitArchive, release_path, release_text
from tests.increments import KILLED
from tests.pipeline.faults import run_child
from tests.pipeline.test_processes import beehive
from tests.pipeline.test_refresh import rows

PUBLISHES = int(os.environ.get("BEEHIVE_PUBLISHES", "2"))

# Reads until its standard input ends, in one of five ways, and tells each build it saw and how often it looked.
_READER = """
import json, os, random, sys, threading, time
import duckdb

way, warehouse = sys.argv[1:]
published, link = f"{warehouse}/beehive.duckdb", f"{warehouse}/parquet"
BUILD = "select build_id, release_count from {}build_info"
one = {"threads": 1}

def ask(connection, schema=""):
    build = connection.execute(BUILD.format(schema)).fetchall()
    assert connection.execute(f"select count(*) from {schema}releases").fetchall() == [(build[0][1],)]
    assert connection.execute(f"select sum(release_count) from {schema}releases_by_day").fetchall() == [(build[0][1],)]
    return build[0]

def new():
    with duckdb.connect(published, read_only=True, config=one) as connection:
        return ask(connection)

def views():
    with duckdb.connect(published, read_only=True, config=one) as connection:
        before = ask(connection)
        names = connection.execute("select view_name from duckdb_views() where not internal order by all").fetchall()
        for (view,) in random.sample(names, 4):
            connection.execute(f'from "{view}"').fetchall()
        assert ask(connection) == before
        return before

def attached():
    with duckdb.connect(config=one) as connection:
        connection.execute(f"attach '{published}' as b (read_only)")
        build = ask(connection, "b.main.")
        connection.execute("detach b")
        return build

def parquet():
    folder = os.path.realpath(link)
    with duckdb.connect(config=one) as connection:
        build = connection.execute(BUILD.format(f"'{folder}/main/") + ".parquet'").fetchall()
        for name in ("core/fact_release", "main/release_texts", "main/releases"):
            counted = connection.execute(f"select count(*) from '{folder}/{name}/*.parquet'").fetchall()
            assert counted == [(build[0][1],)]
        assert folder.endswith(f"parquet-{build[0][0]}")
        return build[0]

held = duckdb.connect(published, read_only=True, config=one) if way == "held" else None
ways = {"held": lambda: ask(held), "new": new, "views": views, "attached": attached, "parquet": parquet}
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
rounds, seen, last = 0, [], False
while not last:
    last = ended.is_set()  # one more look after the end is told
    start = time.monotonic()
    build = ways[way]()
    rounds += 1
    if build not in seen[-1:]:
        seen.append(build)
    if rounds == 1:
        print("reading", flush=True)
    ended.wait(10 * (time.monotonic() - start))  # leaves the machine to the refresh
print(json.dumps({"rounds": rounds, "seen": seen, "version": duckdb.__version__}))
"""
_ROLLBACK_AFTER = 5  # publications
WAYS = ("held", "new", "new", "new", "views", "views", "attached", "parquet")


@dataclass
class Reader:
    way: str
    process: subprocess.Popen[str]

    def finish(self) -> dict:
        told, errors = self.process.communicate()
        assert (self.process.returncode, errors) == (0, ""), f"{self.way}: {errors}"
        return json.loads(told[told.index('{"rounds"') :])  # on a busy machine, behind a progress bar


def _publish(archive: GitArchive, warehouse: Path, number: int) -> list:
    """Publishes one more release, at the second attempt; gives the build."""
    archive.write(
        release_path(f"2004-01-{number % 28 + 1:02}", f"new-{number}"),
        release_text(f"New {number}", f"2004-01-{number % 28 + 1:02}", f"new-{number}"),
    )
    archive.commit()
    refresh = ("refresh", "--source", str(archive.path), "--warehouse", str(warehouse))
    at = random.Random(number).randint(1, len(sqlfiles.dependencies()))
    killed = run_child(KILLED, *refresh, AT=str(at), SECONDS="0", REACHED=os.devnull)
    done = beehive(*refresh)
    assert (killed.returncode, done.returncode) == (-9, 0), done.stderr
    ((increment,),) = rows(warehouse, "select increment_number from build_info")
    # After a rollback, the tables that an incremental build begins with are of another build.
    assert increment == (number - 1) % _ROLLBACK_AFTER + (number <= _ROLLBACK_AFTER)
    return _recorded(warehouse)


def _roll_back(warehouse: Path) -> list:
    done = beehive("rollback", "--warehouse", str(warehouse))
    assert done.returncode == 0, done.stderr
    return _recorded(warehouse)


def _recorded(warehouse: Path) -> list:
    record = json.loads((warehouse / "published.json").read_text())
    return [record["build_id"], record["release_count"]]


@pytest.mark.slow
def test_readers_see_whole_builds_while_others_are_published(
    archive: GitArchive, first_build: FirstBuild, tmp_path: Path
) -> None:
    first_build(tmp_path / "w")
    _publish_under_readers(archive, tmp_path / "w", WAYS, sys.executable)


@pytest.mark.clients
def test_readers_of_an_older_duckdb_see_whole_builds_while_others_are_published(
    archive: GitArchive, first_build: FirstBuild, tmp_path: Path, environment: Callable[..., Path]
) -> None:
    first_build(tmp_path / "w")
    python = str(environment("duckdb-1.4", "duckdb==1.4.*") / "python")
    _publish_under_readers(archive, tmp_path / "w", tuple(dict.fromkeys(WAYS)), python)


def _publish_under_readers(archive: GitArchive, warehouse: Path, ways: tuple[str, ...], python: str) -> None:
    builds = [_recorded(warehouse)]
    readers: list[Reader] = []
    try:
        for way in ways:
            process = subprocess.Popen(
                [python, "-c", _READER, way, str(warehouse)], cwd=ROOT, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )  # fmt: skip
            readers.append(Reader(way, process))
        for reader in readers:
            assert reader.process.stdout is not None
            assert reader.process.stdout.readline() == "reading\n", reader.finish()
        for number in range(1, PUBLISHES + 1):
            builds.append(_publish(archive, warehouse, number))
            if number % _ROLLBACK_AFTER == 0:
                builds.append(_roll_back(warehouse))
        told = [(reader.way, reader.finish()) for reader in readers]
    finally:
        for reader in readers:
            reader.process.kill()
            reader.process.communicate()
    for way, found in told:
        following = iter(builds)
        assert all(build in following for build in found["seen"]), (way, builds, found["seen"])  # in that order
        assert found["seen"][0] == builds[0]
        assert found["seen"][-1] == (builds[0] if way == "held" else builds[-1]), (way, found["seen"])
        assert found["rounds"] > 2
    sys.stderr.write(
        f"\n{len(builds)} publications, rollbacks among them; {sum(found['rounds'] for _, found in told)} reads by "
        f"{len(told)} readers\n"
    )
