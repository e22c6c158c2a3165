"""The recipes of docs/connect.md that need no other host: run as they stand there, on the sample."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.paths import PROJECT
from flows.settings import Settings

pytestmark = pytest.mark.clients

PAGE = (PROJECT / "docs" / "connect.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
SHELL = re.findall(r"^duckdb .*$", PAGE, re.MULTILINE)
NEEDED = ["duckdb==1.5.*", "duckdb-cli==1.5.*", "duckdb-engine==0.17.*", "sqlalchemy==2.0.*",
          "adbc-driver-manager>=1.8", "polars", "pandas", "pyarrow"]  # fmt: skip


@pytest.fixture(scope="module")
def binaries(environment: Callable[..., Path]) -> Path:
    """The programs of an environment with the tools that the recipes are for."""
    return environment("recipes", *NEEDED)


def test_the_page_has_recipes() -> None:
    assert (len(PYTHON), len(SHELL)) == (5, 1)


@pytest.mark.parametrize("recipe", PYTHON, ids=lambda recipe: recipe.split("\n", 1)[0])
def test_a_python_recipe_runs(recipe: str, binaries: Path, sample: Settings) -> None:
    done = subprocess.run(
        [binaries / "python", "-c", recipe], cwd=sample.warehouse.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("recipe", SHELL)
def test_a_shell_recipe_runs(recipe: str, binaries: Path, sample: Settings) -> None:
    done = subprocess.run(
        f"{binaries}/{recipe}", shell=True, cwd=sample.warehouse.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "release_count" in done.stdout
