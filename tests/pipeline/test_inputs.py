"""What a build depends on besides the archive: seeds, SQL, code and libraries, and changes to them during a refresh."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows import stages
from flows.errors import Refused
from flows.load import state
from tests.conftest import ROOT, GitArchive, release_path, release_text
from tests.pipeline.test_refresh import rows

# The command line, which adds TEXT to FILE when stage STAGE begins.
CHANGES = """
import os
from functools import partial
from pathlib import Path
from flows import pipeline
from flows.cli import main

def run_stage(name, stage):
    if name == os.environ["STAGE"]:
        with Path(os.environ["FILE"]).open("a") as file:
            file.write(os.environ["TEXT"])
    return stage()

pipeline.refresh = partial(pipeline.refresh, run_stage=run_stage)
main()
"""


def test_what_changes_while_it_is_read_is_refused() -> None:
    assert stages.read_inputs(state.inputs_digest()).digest == state.inputs_digest()
    with pytest.raises(Refused, match="while they were read"):
        stages.read_inputs("the digest of before")


def test_a_program_that_is_updated_during_a_run_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    state.refuse_changed_program()
    monkeypatch.setattr(state, "version", lambda name: "another")
    with pytest.raises(Refused, match="updated during this run"):
        state.refuse_changed_program()


@pytest.mark.slow
def test_what_changes_during_a_refresh_counts_for_the_next_one(archive: GitArchive, tmp_path: Path) -> None:
    """The project is copied, so that a test can edit its seeds, SQL and code."""
    project, warehouse = tmp_path / "project", tmp_path / "warehouse"
    for folder in ("flows", "sql", "seeds"):
        shutil.copytree(ROOT / folder, project / folder, ignore=shutil.ignore_patterns("__pycache__"))
    archive.write(
        release_path("2004-01-01", "new"), release_text("New", "2004-01-01", "new", ("Hon Zeb Quux", "Helen Clark"))
    )
    archive.commit()

    def refresh(stage: str = "", file: str = "", text: str = "") -> subprocess.CompletedProcess[str]:
        change = {"STAGE": stage, "FILE": str(project / file), "TEXT": text, "PYTHONPATH": str(project)}
        return subprocess.run(
            [sys.executable, "-c", CHANGES, "refresh", "--source", archive.path, "--warehouse", warehouse],
            cwd=project, env={**os.environ, **change}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def is_known() -> list[tuple]:
        return rows(warehouse, "select count(*) from core.dim_minister where minister_id = 'zeb-quux'")

    done = refresh("parse", "seeds/not_people.csv", "Hon Zeb Quux,a test\n")
    assert (done.returncode, "the next one applies the changes" in done.stderr) == (0, True), done.stderr
    assert is_known() == [(1,)]
    assert "Nothing new" not in refresh().stdout
    assert is_known() == [(0,)]

    archive.commit("another state")
    done = refresh("normalise", "flows/serve/query.py", "# new\n")
    assert (done.returncode, "updated during this run" in done.stderr) == (1, True), done.stderr
