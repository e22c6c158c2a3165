"""What the tests of the real archive share: it is built once, and checked out once, for all that run together."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.pipeline import refresh
from flows.settings import Settings
from tests.conftest import Lines, Once


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


FrontMatter = dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def front_matter(checkout: Path) -> FrontMatter:
    """The front matter of each release by id, every scalar as the text that it is."""
    return {
        file.stem: yaml.load(file.read_text(encoding="utf-8").split("\n---\n", 1)[0][4:], Loader=yaml.CBaseLoader)
        for file in sorted(checkout.glob("releases/**/*.md"))
    }
