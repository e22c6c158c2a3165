"""What the command line says, and with which exit code it ends, where the machine or the caller is in its way."""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows import stages
from flows.errors import Unusable
from flows.load.state import Published, read_published, write_published
from flows.settings import Settings
from tests.conftest import ROOT, GitArchive, Refresh
from tests.pipeline.faults import run_child
from tests.pipeline.test_processes import BEEHIVE, beehive


def run_with(limit: tuple[int, int] | None, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line as a process with a limit of resources."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("BEEHIVE_", "PREFECT_"))}

    def set_limit() -> None:
        if limit:
            resource.setrlimit(limit[0], (limit[1], limit[1]))

    return subprocess.run(
        [*BEEHIVE, *words], capture_output=True, text=True, check=False, cwd=ROOT, env={**kept, **environment},
        preexec_fn=set_limit,
    )  # fmt: skip


CASES: dict[str, tuple[tuple[int, int] | None, dict[str, str], str]] = {
    "no git": (None, {"PATH": "/nonexistent"}, "git is missing or not in PATH"),
    "files may not grow": ((resource.RLIMIT_FSIZE, 100_000), {}, "would become larger than a file may be"),
    "few descriptors": ((resource.RLIMIT_NOFILE, 8), {}, "too many files are open"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_what_the_machine_refuses_a_refresh_is_one_sentence(case: str, archive: GitArchive, tmp_path: Path) -> None:
    limit, environment, said = CASES[case]
    where = ("--source", str(archive.path), "--warehouse", str(tmp_path / "w"))
    done = run_with(limit, "refresh", *where, **environment)
    (sentence,) = [line for line in done.stderr.splitlines() if line.startswith("beehive: ")]
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert said in sentence
    assert not list((tmp_path / "w").glob("*.unreadable"))


# The command line without a folder for temporary files, as in a read-only container.
_NO_TEMPORARY_FOLDER = """
import tempfile
from flows.cli import main
tempfile._candidate_tempdir_list = lambda: ["/nonexistent"]
main()
"""
# The command line of a user whom the machine does not know, and who has no home folder.
_NOBODY = """
import os, pwd
from flows.cli import main

def unknown(number):
    raise KeyError(f"getpwuid(): uid not found: {number}")

pwd.getpwuid = unknown
os.environ.pop("HOME", None)
main()
"""


@pytest.mark.slow
def test_a_refresh_needs_no_temporary_folder_and_no_home(archive: GitArchive, tmp_path: Path) -> None:
    words = ("refresh", "--source", str(archive.path), "--warehouse", str(tmp_path / "w"))
    first = run_child(_NO_TEMPORARY_FOLDER, *words)
    assert (first.returncode, "12 releases" in first.stdout) == (0, True), first.stderr
    again = run_child(_NOBODY, *words)
    assert (again.returncode, again.stdout.startswith("Nothing new")) == (0, True), again.stderr
    wrong = run_child(_NOBODY, *words[:-1], "~/w")
    assert (wrong.returncode, "nobody knows the home folder of ~/w" in wrong.stderr) == (2, True), wrong.stderr


# ------------------------------------------------------------------------------------------------- output


def shell(command: str, warehouse: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of bash in which `beehive` is the command line."""
    function = f'beehive() {{ "{sys.executable}" -c "{BEEHIVE[-1]}" "$@"; }}\n'
    return subprocess.run(
        ["bash", "-c", function + command], capture_output=True, check=False, cwd=ROOT,
        env={**os.environ, "BEEHIVE_WAREHOUSE": str(warehouse), **environment},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("command", "variables", "output", "said"),
    [
        ("beehive query \"select 'Māori' as t\" -f csv", {"PYTHONIOENCODING": "latin-1"}, "t\nMāori", ""),
        pytest.param("beehive query ''", {}, "", "beehive: The query is empty", marks=pytest.mark.slow),
        pytest.param("beehive status > /dev/full; echo $?", {}, "2", "beehive: The output could not be written (No",
                     marks=pytest.mark.slow),
        pytest.param("beehive query \"select 'Māori' as t\"", {"PYTHONIOENCODING": "ascii"}, " M\\u0101ori", "",
                     marks=pytest.mark.slow),
        pytest.param("beehive query 'from range(100000)' -f csv | head -1; echo ${PIPESTATUS[0]}", {}, "range\n0", "",
                     marks=pytest.mark.slow),
        pytest.param("beehive status >&-; echo $?", {}, "0", "", marks=pytest.mark.slow),
        pytest.param("beehive query nonsense 2> /dev/full; echo $?", {}, "2", "", marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_output_that_nobody_reads_or_no_disk_holds(
    command: str, variables: dict[str, str], output: str, said: str, sample: Settings
) -> None:
    done = shell(command, sample.warehouse, **variables)
    assert output in done.stdout.decode().replace("\r", "")
    assert done.stderr.decode().startswith(said)
    assert b"Traceback" not in done.stderr
    assert (said == "") == (done.stderr == b""), done.stderr


@pytest.mark.slow
def test_a_log_that_nobody_reads_does_not_end_a_refresh(archive: GitArchive, tmp_path: Path) -> None:
    done = shell(f"beehive refresh --source '{archive.path}' 2>&1 | head -1; exit ${{PIPESTATUS[0]}}", tmp_path / "w")
    assert done.returncode == 0, done.stderr
    assert beehive("status", "--warehouse", str(tmp_path / "w")).returncode == 0


# ---------------------------------------------------------------------------------------------- permissions


def _read_only(folder: Path) -> None:
    mounted = subprocess.run(["mount", "--bind", folder, folder], capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"a folder cannot be mounted here: {mounted.stderr.strip()}")
    subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)


@pytest.mark.slow
def test_a_read_only_disk_is_a_sentence_and_readers_read(sample: Settings, tmp_path: Path) -> None:
    warehouse = tmp_path / "w"
    shutil.copytree(sample.warehouse, warehouse, symlinks=True)
    _read_only(warehouse)
    try:
        for words in (("refresh",), ("report",)):
            done = beehive(*words, "--warehouse", str(warehouse))
            assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
            assert "read-only" in done.stderr.lower()
        assert beehive("status", "--warehouse", str(warehouse)).returncode == 0
        assert beehive("query", "from build_info", "--warehouse", str(warehouse)).returncode == 0
    finally:
        subprocess.run(["umount", warehouse], check=True)


def test_whoever_may_read_the_published_file_may_ask_for_its_status(sample: Settings, tmp_path: Path) -> None:
    record = read_published(sample.warehouse)
    assert record is not None
    before = os.umask(0o077)
    try:
        write_published(tmp_path, record)
    finally:
        os.umask(before)
    assert (tmp_path / "published.json").stat().st_mode & 0o444 == sample.published.stat().st_mode & 0o444 == 0o444


@pytest.mark.slow
def test_an_unfinished_build_that_is_cut_or_removed_fails_in_one_sentence(
    archive: GitArchive, run: Refresh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    building = tmp_path / "warehouse" / "beehive.building.duckdb"
    publish = stages.publish.publish
    for harm in (lambda: os.truncate(building, 0), building.unlink):

        def publish_harmed(*words: Any, harm: Callable[[], None] = harm) -> Published:
            harm()
            return publish(*words)

        monkeypatch.setattr(stages.publish, "publish", publish_harmed)
        with pytest.raises(Unusable, match=r"building\.duckdb.*Readers still have a complete build"):
            run(archive.path)
    monkeypatch.undo()
    assert run(archive.path).status == "published"
