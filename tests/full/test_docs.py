"""What docs/ says of the real archive is what the archive says: every result, and the accuracies in the text."""

import csv
import subprocess
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from flows.pipeline import refresh
from flows.settings import Settings
from tests.conftest import Lines, Once
from tests.documents import COMMIT, PAGES, Block, answer, blocks
from tests.full.test_questions import holders

pytestmark = pytest.mark.archive
HERE = Path(__file__).parent
CAVEATS = (HERE.parents[1] / "docs" / "caveats.md").read_text(encoding="utf-8")
README = (HERE.parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = [block for page in PAGES for block in blocks(page) if not block.is_of_sample]


@pytest.fixture(scope="module")
def documented(bundle: Path, checkout: Path, built: Path, once: Once) -> Path:
    """The published file of the commit that the pages are of, whatever the archive beside the project has since."""
    commits = {commit for page in PAGES for commit in COMMIT.findall(page.read_text(encoding="utf-8"))}
    assert len(commits) == 1, "every page names the one commit its results are of"
    (commit,) = commits
    with duckdb.connect(str(built / "beehive.duckdb"), read_only=True) as reader:
        if reader.execute("select source_state from build_info").fetchall() == [(commit,)]:
            return built / "beehive.duckdb"
    known = subprocess.run(["git", "cat-file", "-e", f"{commit}^{{commit}}"], cwd=checkout, check=False)
    if known.returncode:
        pytest.skip(f"the archive beside the project has no commit {commit}: write the results anew (tests/documents)")
    settings = Settings(source=str(bundle), ref=commit)
    folder = once("documented", lambda folder: refresh(settings.model_copy(update={"warehouse": folder}), Lines()))
    return folder / "beehive.duckdb"


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_result_is_what_the_archive_says(block: Block, documented: Path) -> None:
    found = answer(documented, block)
    if block.table:
        assert found == block.table, "python -m tests.documents WAREHOUSE writes the results anew"


def test_accuracies_in_the_text_are_those_measured(documented: Path) -> None:
    page = " ".join(CAVEATS.split())
    well_within, near = holders(documented.parent, "holders.csv"), holders(documented.parent, "handovers.csv")
    assert f"Against {len(well_within) + len(near)} known facts" in page
    assert f"Well within a spell: {sum(right for right, _ in well_within)} of {len(well_within)}" in page
    assert f"before or after a handover: {sum(right for right, _ in near)} of {len(near)}" in page
    with duckdb.connect(str(documented), read_only=True) as reader:
        ((right, answers),) = reader.execute(
            "select sum(right_count), sum(answer_count) from holder_accuracy where confidence = 'high'"
        ).fetchall()
        assert f"were right in {100 * right / answers:.1f} %" in " ".join(README.split())
        truth = {tuple(row.values()) for row in csv.DictReader((HERE / "attributions.csv").open(encoding="utf-8"))}
        given = set(
            reader.execute(
                "select release_id, portfolio_id, minister_id from attributions where list_contains($1, release_id)",
                [sorted({release_id for release_id, *_ in truth})],
            ).fetchall()
        )
        assert given <= truth
        assert f"all {len(given)} pairs given are right" in page
        assert f"{len(truth - given)} of {len(truth)} are not given" in page

        labels = list(csv.DictReader((HERE / "mentions.csv").open(encoding="utf-8")))
        quoted = set(reader.execute("select release_id, minister_id from mentions where is_quoted").fetchall())

        rows = [tuple(row.values()) for row in csv.DictReader((HERE / "titles.csv").open(encoding="utf-8"))]
        sql = "select release_id, minister_id, portfolio_id, role from printed_titles"
        titles = set(reader.execute(sql).fetchall())
        read = [row for row in rows if row[3]]
        found = Counter(row[0] for row in read if row[1:] in titles)
        assert f"all {found['titles']} titles found are right" in page
        assert f"{found['credits']} of {sum(row[0] == 'credits' for row in read)} titles are found" in page
    quotes = [label for label in labels if (label["release_id"], label["minister_id"]) in quoted]
    assert all(label["is_quoted"] == "true" for label in quotes)
    assert f"{len(labels)} pairs of a release and an uncredited minister were drawn and read" in page
    assert f"all {len(quotes)} found to be quoted were" in page
