"""The set-up of the Makefile, in a copy of the project: what it installs, and what it refuses."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from flows.paths import PROJECT

pytestmark = pytest.mark.clients


class Copy:
    """A copy of the project's files, which `make` sets up with the Python of the tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = folder / "requirements.lock"
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=PROJECT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        for name in listed.stdout.split("\0"):
            if name and (PROJECT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(PROJECT / name, folder / name)

    def start(self, target: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["make", f"PYTHON={sys.executable}", target], cwd=self.folder, env=self.environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def make(self, target: str) -> tuple[int, str]:
        process = self.start(target)
        _, errors = process.communicate()
        return process.returncode, errors

    def installed(self) -> dict[str, str]:
        listed = subprocess.run(
            [self.folder / ".venv/bin/pip", "list", "--format", "json"], capture_output=True, text=True, check=True
        )
        return {canonicalize_name(found["name"]): found["version"] for found in json.loads(listed.stdout)}

    def write_wrong_hashes(self, of: str) -> None:
        text = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
        blocks = re.split(r"\n(?=\w)", text)
        wrong = [re.sub("sha256:.{8}", "sha256:00000000", block) if re.match(of, block) else block for block in blocks]
        self.lock.write_text("\n".join(wrong), encoding="utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    copy = Copy(tmp_path_factory.mktemp("project"))
    code, errors = copy.make("warehouse")
    assert code == 0, errors
    return copy


def test_the_first_run_installs_what_the_lock_says_and_no_tools_of_developers(project: Copy) -> None:
    assert (project.folder / "warehouse/beehive.duckdb").is_file()
    locked = {
        canonicalize_name(name): version
        for name, version in re.findall(r"^(\S+)==(\S+)", project.lock.read_text(encoding="utf-8"), re.MULTILINE)
    }
    found = project.installed()
    others = {name for name, version in found.items() if locked.get(name) != version}
    assert others <= {"pip", "setuptools", "beehive-warehouse"}
    assert found.keys().isdisjoint({"pytest", "ruff", "mypy", "sqlfluff", "distributed", "hatchling"})


def test_a_changed_lock_updates_the_environment_and_an_interrupted_update_starts_over(project: Copy) -> None:
    """Two at once start over, one after the other: without flock, one make does not wait for another."""
    ready, whole, mark = (project.folder / ".venv" / name for name in ("ready", "whole", "mark"))
    mark.touch()
    os.utime(ready, (0, 0))  # older than the lock
    assert project.make(".venv/ready")[0] == 0
    assert mark.exists()

    os.utime(ready, (0, 0))
    process = project.start(".venv/ready")
    while whole.exists() and process.poll() is None:
        time.sleep(0.001)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not whole.exists()
    both = [project.start(".venv/ready") for _ in range(2 if shutil.which("flock") else 1)]
    said = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0] * len(both), said
    assert not mark.exists()
    assert {"duckdb", "beehive-warehouse"} <= project.installed().keys()
    code, errors = project.make("status")
    assert code == 0, errors


@pytest.mark.parametrize(
    ("of", "missing", "message", "sentence"),
    [
        ("rensa==", "lib/python*/site-packages/rensa*", "Hash mismatch for `rensa", "uv could not set up .venv"),
        ("hatchling==", "ready", "Hash mismatch for `hatchling", "uv could not set up .venv"),
        ("uv==", "whole", "DO NOT MATCH THE HASHES", "pip could not install uv"),
    ],
)
def test_a_package_with_another_hash_is_refused(
    of: str, missing: str, message: str, sentence: str, project: Copy
) -> None:
    for path in (project.folder / ".venv").glob(missing):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    project.write_wrong_hashes(of)
    code, errors = project.make(".venv/ready")
    assert code != 0
    assert message in errors
    assert sentence in errors
