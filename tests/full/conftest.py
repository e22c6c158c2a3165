"""What the tests of the real archive share: it is built once, and checked out once, for all that run together."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from flows.pipeline import refresh
from flows.settings import Settings
from tests.conftest import Lines

Once = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Makes a folder once for all processes of this test run: `once(name, make)` gives it, finished.

    xdist gives each worker a folder of its own, all in one that is new for each run. The first to ask makes it, the
    others wait. Tests only read what they are given.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent

    def make_once(name: str, make: Callable[[Path], object]) -> Path:
        finished = folder / f"shared-{name}"
        with FileLock(folder / f"shared-{name}.lock"):
            if not finished.exists():
                attempt = tmp_path_factory.mktemp(name) / name  # of its own: one that failed may have left something
                make(attempt)
                attempt.rename(finished)
        return finished

    return make_once


@pytest.fixture(scope="session")
def checkout(bundle: Path, once: Once) -> Path:
    """The files of the archive, and its history."""

    def clone(folder: Path) -> None:
        subprocess.run(["git", "clone", "--quiet", str(bundle), str(folder)], check=True)

    return once("checkout", clone)


@pytest.fixture(scope="session")
def built(bundle: Path, once: Once) -> Path:
    """A warehouse built from nothing at the end of the archive."""
    return once("built", lambda folder: refresh(Settings(source=str(bundle), warehouse=folder), Lines()))
