"""CITATION.cff is valid to a program that others use to read it."""

import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.paths import PROJECT

pytestmark = pytest.mark.clients


def test_the_citation_is_valid_and_of_this_version(environment: Callable[..., Path]) -> None:
    program = environment("citation", "cffconvert==2.*") / "cffconvert"
    file = ["--infile", PROJECT / "CITATION.cff"]
    valid = subprocess.run([program, *file, "--validate"], capture_output=True, text=True, check=False)
    assert valid.returncode == 0, valid.stdout + valid.stderr
    shown = subprocess.run([program, *file, "--format", "bibtex"], capture_output=True, text=True, check=True).stdout
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"version: {project['version']}\n" in (PROJECT / "CITATION.cff").read_text(encoding="utf-8")
    assert "author = {The Beehive warehouse maintainers}" in shown
