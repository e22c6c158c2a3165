"""The notebook runs from end to end on the sample, in a process of its own, with the marimo that the extra asks for."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.paths import PROJECT
from flows.settings import Settings

NOTEBOOK = PROJECT / "notebooks" / "explore.py"
Run = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.clients


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs Python with marimo beside what the project has."""
    folder = tmp_path_factory.mktemp("marimo")
    extras = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    words = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--target", str(folder), *extras["notebook"]]
    subprocess.run(words, check=True, capture_output=True)

    def run_python(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words], cwd=PROJECT, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": f"{PROJECT}:{folder}", **environment},
        )  # fmt: skip

    return run_python


def test_marimo_finds_nothing_wrong(run: Run) -> None:
    done = run("-m", "marimo", "check", "--strict", str(NOTEBOOK))
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_runs_on_the_sample(run: Run, sample: Settings) -> None:
    done = run(str(NOTEBOOK), BEEHIVE_WAREHOUSE=str(sample.warehouse))
    assert (done.returncode, done.stderr) == (0, "")


def test_without_a_published_build_it_says_what_to_do(run: Run, tmp_path: Path) -> None:
    done = run(str(NOTEBOOK), BEEHIVE_WAREHOUSE=str(tmp_path))
    assert done.returncode != 0
    assert "run `beehive refresh` first" in done.stderr
