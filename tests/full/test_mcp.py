"""What an assistant gets from the real archive."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.assistant import Assistant, assistant

pytestmark = pytest.mark.archive


@pytest.fixture(scope="module")
def ask(built: Path) -> Iterator[Assistant]:
    with assistant(built) as connected_assistant:
        yield connected_assistant


def test_questions_are_answered_with_few_calls(ask: Assistant) -> None:
    found = ask.call("search", words="Zaoui", minister="Helen Clark", limit=3)
    assert found["match_count"] >= 3
    assert all(release["ministers"] == "Helen Clark" for release in found["releases"])
    held = ask.call("who_held", portfolio="health", day="2003-06-17")
    assert [row["minister_name"] for row in held["rows"]] == ["Annette King"]
    said = ask.call("said_by", minister="Goff", words="asylum seekers")
    assert 1 <= said["passage_count"] == len(said["passages"])
    counted = ask.call("query", sql="select sum(release_count) from releases_by_year")
    assert counted["rows"] == [[54_935]]  # one release is undated
    late = ask.call("search", words="budget", since="2018-01-01")
    assert any(release.get("other_nz_date", "") > release["nz_date"] for release in late["releases"])


def test_the_longest_text_is_read_page_by_page(ask: Assistant, built: Path) -> None:
    with duckdb.connect(str(built / "beehive.duckdb"), read_only=True) as reader:
        longest = reader.execute(
            "select release_id, plain_text from release_texts order by length(cleaned_body) desc limit 1"
        ).fetchone()
    assert longest
    first = ask.call("read_release", release_id=longest[0])
    others = [ask.call("read_release", release_id=longest[0], page=page) for page in range(2, first["page_count"] + 1)]
    assert len(others) >= 5
    text = "".join(page["text"] for page in (first, *others))
    assert text == longest[1].replace("\t", " ")
