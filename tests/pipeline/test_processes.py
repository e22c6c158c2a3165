"""What happens between processes: the command line, the writer lock, holders, kills."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from flows.settings import Settings
from tests.conftest import ROOT, FirstBuild, GitArchive, first_quick, release_path, release_text
from tests.pipeline.faults import World, run_child

_HOLD = """
import sys, time, duckdb
connection = duckdb.connect(sys.argv[1])
print("held", flush=True)
time.sleep(60)
"""
BEEHIVE = [sys.executable, "-c", "from flows.cli import main; main()"]


def beehive(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run_child(BEEHIVE[2], *words, **environment)


def test_refresh_status_query(archive: GitArchive, tmp_path: Path) -> None:
    where = ("--warehouse", str(tmp_path / "w"))
    done = beehive("refresh", "--source", str(archive.path), *where)
    assert (done.returncode, "12 releases" in done.stdout) == (0, True), done.stderr
    assert "publish:" in done.stderr

    again = beehive("refresh", "--source", str(archive.path), *where)
    assert (again.returncode, again.stdout.startswith("Nothing new")) == (0, True)

    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", *BEEHIVE[1:], "refresh", "--source", str(archive.path), *where],
        capture_output=True, text=True, check=True, cwd=ROOT,
    ).stderr  # fmt: skip
    for heavy in ("duckdb", "polars", "pyarrow", "frontmatter"):  # they take longer than to find that nothing is new
        assert f" {heavy}\n" not in loaded

    status = beehive("status", *where)
    assert status.returncode == 0
    assert "releases: 12 files = 12 releases + 0 quarantined + 0 excluded" in status.stdout
    machine = json.loads(beehive("status", "--json", *where).stdout)
    assert machine["state"] == "healthy"
    assert machine["build"]["release_count"] == 12

    query = beehive("query", "select count(*) as n from releases", "--format", "json", *where)
    assert json.loads(query.stdout) == [{"n": 12}]


@pytest.mark.slow
def test_a_run_that_fails_is_logged_and_shown(archive: GitArchive, first_build: FirstBuild, tmp_path: Path) -> None:
    where = ("--warehouse", str(tmp_path / "w"))
    first_build(tmp_path / "w")
    for source in ("https://user:secret@127.0.0.1:9/archive.git", "http://user:secret@127.0.0.1:9/archive.git"):
        assert beehive("refresh", "--source", source, *where).returncode == 2
        status = beehive("status", *where)
        assert status.returncode == 1
        assert "the last run failed" in status.stdout
        assert "secret" not in status.stdout + beehive("status", "--json", *where).stdout
    recovered = beehive("refresh", "--source", str(archive.path), *where)
    assert (recovered.returncode, recovered.stdout.startswith("Nothing new")) == (0, True)
    assert beehive("status", *where).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("limit", first_quick(["1MB", "8MB"]))
def test_a_memory_limit_that_is_too_small_is_a_sentence(archive: GitArchive, tmp_path: Path, limit: str) -> None:
    where = ("--source", str(archive.path), "--warehouse", str(tmp_path / "w"))
    done = beehive("refresh", *where, BEEHIVE_MEMORY_LIMIT=limit)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert f"raise BEEHIVE_MEMORY_LIMIT, which is {limit}" in done.stderr
    assert beehive("refresh", *where).returncode == 0


@pytest.mark.slow
def test_long_texts_fit_into_the_usual_memory(archive: GitArchive, tmp_path: Path) -> None:
    for number in range(30):  # of a megabyte: DuckDB has those of 2,048 files in hand when it stores them
        text = " ".join(f"word{place % 1_000}" for place in range(number, number + 140_000))
        archive.write(release_path("2004-01-01", f"long-{number}"), release_text(slug=f"long-{number}", body=text))
    archive.commit()
    where = ("--source", str(archive.path), "--warehouse", str(tmp_path / "w"))
    done = beehive("refresh", *where)
    assert (done.returncode, "42 releases" in done.stdout) == (0, True), done.stderr


@pytest.mark.slow
def test_the_environment_sets_what_flags_do_not(archive: GitArchive, first_build: FirstBuild, tmp_path: Path) -> None:
    warehouse = str(tmp_path / "w")
    first_build(tmp_path / "w")
    done = beehive("refresh", BEEHIVE_SOURCE=str(archive.path), BEEHIVE_WAREHOUSE=warehouse)
    assert done.stdout.startswith("Nothing new"), done.stderr
    assert beehive("status", BEEHIVE_WAREHOUSE=warehouse).returncode == 0
    wrong = beehive("status", BEEHIVE_WAREHOUSE=warehouse, BEEHIVE_KEEP_BUILDS="many")
    assert wrong.returncode == 2
    assert "BEEHIVE_KEEP_BUILDS" in wrong.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("refresh", "--source", "nowhere"), 2, "There is no archive at nowhere"),
        (("refresh", "--source", "ext::sh -c id"), 2, "only file, https, ssh"),
        (("refresh", "--source", "--upload-pack=id"), 2, "looks like an option"),
        (
            ("refresh", "--source", "file:///nowhere/at/all.git"),
            2,
            "git ls-remote of file:///nowhere/at/all.git failed",
        ),
        (
            ("refresh", "--source", "https://user:secret@127.0.0.1:9/archive.git"),
            2,
            "git ls-remote of https://127.0.0.1:9",
        ),
        (("status",), 1, "run `beehive refresh` first"),
        (("query", "select 1"), 2, "run `beehive refresh` first"),
        (("refresh", "--no-such-flag"), 2, "No such option"),
    ],
)
def test_an_error_is_one_sentence_with_its_exit_code(
    words: tuple[str, ...], code: int, said: str, tmp_path: Path
) -> None:
    done = beehive(*words, BEEHIVE_WAREHOUSE=str(tmp_path / "w"))
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr + done.stdout
    if done.stderr.startswith("beehive:"):
        assert done.stderr.count("\n") == 1


def test_a_query_cannot_leave_the_file_or_change_it(sample: Settings, tmp_path: Path) -> None:
    """tests/pipeline/test_hostile.py tries many more, in one process."""
    before = sample.published.read_bytes()
    done = beehive("query", f"copy (select 1) to '{tmp_path}/out.csv'", "--warehouse", str(sample.warehouse))
    assert done.returncode == 2, done.stdout
    assert done.stderr.startswith("beehive: The query failed")
    assert list(tmp_path.iterdir()) == []
    assert sample.published.read_bytes() == before


@pytest.mark.parametrize(("form", "first"), [("csv", "n,t"), ("markdown", "| n | t |"), ("json", "["), ("table", " n")])
def test_query_prints_every_format(form: str, first: str, sample) -> None:
    done = beehive("query", "select 1 as n, 'a|b' as t", "-f", form, "--warehouse", str(sample.warehouse))
    assert done.returncode == 0
    assert done.stdout.startswith(first)


# The command line, with a normalise stage that never ends: DuckDB is at work in it, or Python is.
_ENDLESS = {
    "duckdb": "duckdb.sql('select sum(sqrt(range)) from range(1000000000000)').fetchall()",
    "python": "time.sleep(1000)",
}
_REFRESH = """
import sys, time
from functools import partial
import duckdb
from flows import pipeline
from flows.cli import main

def run_stage(name, stage):
    if name == "normalise":
        print("begun", flush=True)
        {endless}
    return stage()

pipeline.refresh = partial(pipeline.refresh, run_stage=run_stage)
main()
"""


_SPILLS = "select hash(range) as h, repeat('x', 900) from range(3000000) order by h"


def ctrl_c(command: list[str], begun: Callable[[subprocess.Popen[str]], object]) -> str:
    """Presses Ctrl-C when a command has begun, and gives what it said; it ends within a second or so, in order."""
    process = subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        begun(process)
        assert process.poll() is None
        os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to all processes of a command
        _, said = process.communicate(timeout=30)  # on a busy machine, too
        assert (process.returncode, "Traceback" in said) == (130, False), said
        return said
    finally:
        process.kill()
        process.communicate()


def works(process: subprocess.Popen[str]) -> None:
    """Waits until a process has used two seconds of CPU; to start takes half of that, on a busy machine, too."""
    if not (stat := Path(f"/proc/{process.pid}/stat")).exists():
        time.sleep(2)
        return
    while sum(map(int, stat.read_text().rpartition(")")[2].split()[11:13])) < 2 * os.sysconf("SC_CLK_TCK"):
        assert process.poll() is None
        time.sleep(0.05)


@pytest.mark.parametrize(
    "sql",
    first_quick(["select count(*) from range(100000000000)", "select sum(sqrt(range)) from range(100000000000)",
                 "from range(100000000000) where range < 0"]),
)  # fmt: skip
def test_ctrl_c_ends_a_query_without_end(sql: str, sample: Settings) -> None:
    before = sorted(sample.warehouse.iterdir())
    limited = "import resource; resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30)); "  # should it go on
    command = [*BEEHIVE[:2], limited + BEEHIVE[2], "query", sql, "--warehouse", str(sample.warehouse)]
    assert ctrl_c(command, works) == ""
    assert sorted(sample.warehouse.iterdir()) == before


@pytest.mark.parametrize(
    ("options", "sql", "said"),
    [
        (["--timeout", "0.5"], "select count(*) from range(100000000000)", "longer than 0.5 seconds (--timeout"),
        pytest.param(["--timeout", "0.5"], "from range(100000000000) where range % 1e9 = 1", "(--timeout",
                     marks=pytest.mark.slow),
        (["--memory", "50MB", "--spill", "1MB"], _SPILLS, "more than 50MB of memory (--memory"),
        (["--memory", "much"], "select 1", "query_memory (BEEHIVE_QUERY_MEMORY) is wrong: a number and a unit"),
    ],
)  # fmt: skip
def test_a_query_that_reaches_a_limit_says_which_and_leaves_nothing(
    sample: Settings, options: list[str], sql: str, said: str
) -> None:
    before = sorted(sample.warehouse.iterdir())
    done = beehive("query", sql, *options, "--warehouse", str(sample.warehouse))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert sorted(sample.warehouse.iterdir()) == before


def test_what_a_killed_query_has_left_is_removed_by_the_next_one(sample: Settings, tmp_path: Path) -> None:
    shutil.copy(sample.published, tmp_path)
    given = ["--memory", "50MB", "--timeout", "0", "--warehouse", str(tmp_path)]
    killed = subprocess.Popen([*BEEHIVE, "query", _SPILLS, *given], cwd=ROOT)
    try:
        deadline = time.monotonic() + 30
        while len(list(tmp_path.iterdir())) == 1 and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        killed.kill()
        killed.wait()
    (left,) = set(tmp_path.iterdir()) - {tmp_path / sample.published.name}
    assert left.name.endswith(f"-{killed.pid}")
    assert beehive("query", "select 1", "--warehouse", str(tmp_path)).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == [sample.published.name]


def test_a_table_fetches_only_the_rows_that_it_shows(sample: Settings) -> None:
    done = beehive("query", "from range(100000000000)", "--limit", "3", "--warehouse", str(sample.warehouse))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "more than 3 rows, the first 3 are shown; raise --limit for more"


@pytest.mark.parametrize("form", first_quick(["csv", "json", "markdown"]))
def test_ctrl_c_ends_the_printing_of_a_long_answer(form: str, sample: Settings) -> None:
    command = [*BEEHIVE, "query", "from range(1000000)", "-f", form, "--warehouse", str(sample.warehouse)]
    assert ctrl_c(command, lambda process: process.stdout.readline()) == ""  # type: ignore[union-attr]


@pytest.mark.parametrize("at_work", first_quick(_ENDLESS))
def test_ctrl_c_ends_a_refresh_and_leaves_nothing_behind(world: World, tmp_path: Path, at_work: str) -> None:
    refresh = world.refresh(tmp_path / "w")
    before = sorted((tmp_path / "w").iterdir())
    command = [sys.executable, "-c", _REFRESH.format(endless=_ENDLESS[at_work]), *refresh]
    ctrl_c(command, lambda process: process.stdout.readline())  # type: ignore[union-attr]
    assert sorted((tmp_path / "w").iterdir()) == before
    status = beehive("status", "--warehouse", str(tmp_path / "w"))
    assert (status.returncode, "the last run interrupted: it was stopped by Ctrl-C" in status.stdout) == (1, True), (
        status.stdout
    )
    assert beehive(*refresh).returncode == 0
    assert beehive("status", "--warehouse", str(tmp_path / "w")).returncode == 0


def test_two_refreshes_at_once_exclude_each_other(archive: GitArchive, first_build: FirstBuild, tmp_path: Path) -> None:
    first_build(tmp_path / "w")
    holder = subprocess.Popen(
        [sys.executable, "-c",
         "import sys, time; from pathlib import Path; from flows.load.lock import writer_lock\n"
         "with writer_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)", str(tmp_path / "w")],
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    try:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        done = beehive("refresh", "--source", str(archive.path), "--warehouse", str(tmp_path / "w"))
        assert done.returncode == 1
        assert f"process {holder.pid}" in done.stderr
    finally:
        holder.kill()
        holder.communicate()
    freed = beehive("refresh", "--source", str(archive.path), "--warehouse", str(tmp_path / "w"))
    assert freed.returncode == 0, freed.stderr


@pytest.mark.slow
def test_a_file_held_read_write_is_refused_and_names_the_holder(world: World, tmp_path: Path) -> None:
    refresh = world.refresh(tmp_path / "w")
    published = tmp_path / "w" / "beehive.duckdb"
    published.chmod(0o644)
    before = published.read_bytes()
    holder = subprocess.Popen([sys.executable, "-c", _HOLD, str(published)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        done = beehive(*refresh)
        assert done.returncode == 1
        assert f"PID {holder.pid}" in done.stderr
        assert published.read_bytes() == before
    finally:
        holder.kill()
        holder.communicate()
    assert beehive(*refresh).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.9, 1.8])  # seconds; tests/pipeline/test_faults.py kills at chosen steps
def test_a_killed_refresh_leaves_the_old_build_and_the_next_run_heals(
    world: World, tmp_path: Path, after: float
) -> None:
    refresh = world.refresh(tmp_path / "w")
    process = subprocess.Popen([*BEEHIVE, *refresh], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()
    with duckdb.connect(str(tmp_path / "w" / "beehive.duckdb"), read_only=True) as reader:
        ((releases, build),) = reader.execute(
            "select count(*), any_value(b.release_count) from releases, build_info b"
        ).fetchall()
    assert releases == build and releases in (12, 13)
    assert beehive(*refresh).returncode == 0
    status = beehive("status", "--warehouse", str(tmp_path / "w"))
    assert status.returncode == 0, status.stdout
    assert "13 files = 13 releases" in status.stdout


@pytest.mark.slow
def test_a_decision_on_a_new_name_goes_from_the_queue_into_the_seeds_and_the_next_build(
    archive: GitArchive, tmp_path: Path
) -> None:
    project = tmp_path / "project"  # a copy, since a decision changes the project's own seeds
    for folder in ("flows", "sql", "seeds"):
        shutil.copytree(ROOT / folder, project / folder, ignore=shutil.ignore_patterns("__pycache__"))
    archive.write(release_path("2026-11-01", "new"), release_text("New", "2026-11-01", "new", ("Hon Zeb Quux",)))
    archive.commit()

    def here(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*BEEHIVE, *words], capture_output=True, text=True, check=False, cwd=project)

    where = ("--warehouse", str(tmp_path / "w"))
    assert here("review", *where).returncode == 2  # nothing is published yet
    assert (
        "1 names to review"
        in here("refresh", "--source", str(archive.path), *where).stderr + here("status", *where).stdout
    )
    (waiting,) = json.loads(here("review", "--format", "json", *where).stdout)
    assert (waiting["printed_as"], waiting["credited_with"]) == ("Hon Zeb Quux", "Health")

    refused = here("review", *where, "map", "Hon Zeb Quux", "nobody", "--reason", "x")
    assert refused.returncode == 1 and "seeds/people.csv" in refused.stderr
    assert here("review", *where, "accept", "Somebody Else", "--reason", "x").returncode == 1
    listed = here("review", "list", "--format", "json", *where).stdout
    assert json.loads(listed) == [waiting]
    (office,) = json.loads(here("review", "offices", "--format", "json", *where).stdout)
    assert (office["minister_id"], office["register_ministers"]) == ("helen-clark", "Annette King")
    assert "Helen Clark" in here("review", "offices", *where).stdout
    done = here("review", "accept", "Hon Zeb Quux", "--reason", "sworn in", *where)
    assert done.returncode == 0, done.stderr
    assert 'zeb-quux,Zeb Quux,"Quux, Zeb",Hon,minister,,,,,,verified,sworn in\n' in (
        project / "seeds" / "people.csv"
    ).read_text("utf-8")

    assert here("refresh", "--source", str(archive.path), *where).returncode == 0
    assert json.loads(here("review", "--format", "json", *where).stdout) == []
    sql = "select kind, rule from core.bridge_release_minister join core.dim_minister using (minister_id) "
    sql += "where minister_id = 'zeb-quux'"
    assert json.loads(here("query", sql, "--format", "json", *where).stdout) == [
        {"kind": "minister", "rule": "honorific"}
    ]
