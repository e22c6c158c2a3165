"""What the tests of the real archive share: it is built once, and checked out once, for all that run together."""

import subprocess
from pathlib import Path
from typing import Any

import frontmatter
import pytest

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


PlainlyRead = dict[str, tuple[dict[str, Any], str]]


@pytest.fixture(scope="session")
def plainly_read(checkout: Path) -> PlainlyRead:
    """Front matter and text of each release by id, as plain python-frontmatter reads them."""
    paths = sorted(checkout.glob("releases/**/*.md"))
    return {path.stem: frontmatter.parse(path.read_text(encoding="utf-8")) for path in paths}
