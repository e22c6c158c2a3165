"""Search on a real warehouse: ranks, filters and phrases by the macro, and the command that asks it."""

import json
from pathlib import Path

import pytest

from flows.errors import Unusable
from flows.search import run_search
from tests.conftest import GitArchive, Refresh, release_path, release_text
from tests.pipeline.test_processes import beehive

RELEASES = {
    "title": ("Māori language week", "2003-06-01", ("Helen Clark",), ("Health",), "Everyone can take part in it."),
    "body": (
        "A week",
        "2003-06-02",
        ("Phil Goff",),
        ("Justice",),
        "MAORI-language plans, says the Minister's office.",
    ),
    "apart": ("Another week", "2003-06-03", ("Phil Goff",), ("Health",), "Maori speakers teach the language here."),
    "surname": ("Farmers", "2003-06-04", ("Damien O'Connor",), ("Health",), "O’Connor’s plan <b>\x1b[31mred</b>."),
    "long": ("Long", "2003-06-05", (), (), "x" * 100_000 + " plainword " + "'" * 100_000),
}


@pytest.fixture
def published(archive: GitArchive, run: Refresh, tmp_path: Path) -> Path:
    for slug, (title, date, ministers, portfolios, body) in RELEASES.items():
        archive.write(release_path(date, slug), release_text(title, date, slug, ministers, portfolios, body))
    archive.commit()
    run(archive.path)
    return tmp_path / "warehouse" / "beehive.duckdb"


def found(published: Path, question: str, **filters: str) -> list[str]:
    return [row[0][11:] for row in run_search(published, question, **filters).rows]  # type: ignore[arg-type]


def test_the_macro_ranks_and_filters(published: Path) -> None:
    for question in ("maori language", "Māori LANGUAGE", "ma\u0304ori language's"):
        assert found(published, question)[0] == "title"
        assert set(found(published, question)) == {"title", "body", "apart"}
    assert set(found(published, '"maori language"')) == {"title", "body"}
    assert found(published, '"maori language" "minister\'s office"') == ["body"]
    assert found(published, "maori language", minister="goff", portfolio="health") == ["apart"]
    assert found(published, "maori language", minister="phil-goff", until="2003-06-02") == ["body"]
    assert set(found(published, "maori language", since="2003-06-02")) == {"body", "apart"}
    assert found(published, "o'connor's", minister="O’Connor") == ["surname"]
    assert set(found(published, "speak*")) == {"apart"}
    assert set(found(published, "lang* maor*")) == {"title", "body", "apart"}
    assert found(published, "plainword") == ["long"]
    assert found(published, "maori nosuchword") == []
    assert len(found(published, "week", most=1)) == 1  # type: ignore[arg-type]


def test_a_question_is_text_and_nothing_else(published: Path) -> None:
    for question in (
        "o'); drop table x; --",
        'a "',
        '"" week',
        "%",
        '"(.*" week',
        "\x1b[31m week",
        "x" * 100_000,
        "wee\0k",
    ):
        try:
            run_search(published, question)
        except Unusable as error:
            assert "has no word" in str(error)
    for wrong in ({"since": "yesterday"}, {"until": "2003-13-01"}, {"most": 0}):
        with pytest.raises(Unusable):
            run_search(published, "week", **wrong)  # type: ignore[arg-type]


def test_a_removed_release_is_not_found_and_a_new_text_is(archive: GitArchive, run: Refresh, published: Path) -> None:
    title, date, ministers, portfolios, _ = RELEASES["body"]
    archive.write(release_path(date, "body"), release_text(title, date, "body", ministers, portfolios, "Wharves."))
    (archive.path / release_path("2003-06-01", "title")).unlink()
    archive.commit()
    run(archive.path)
    assert found(published, "maori language") == ["apart"]
    assert found(published, "wharves") == ["body"]


def test_the_command_searches(published: Path) -> None:
    where = ("--warehouse", str(published.parent))
    done = beehive("search", "maori", "language", "--minister", "goff", "-f", "json", *where)
    assert {row["title"] for row in json.loads(done.stdout)} == {"A week", "Another week"}, done.stderr
    done = beehive("search", "plan", "o'connor", *where)
    assert (done.returncode, "\x1b" in done.stdout, "surname" in done.stdout) == (0, False, True), done.stderr
    assert beehive("search", "nosuchword", *where).returncode == 0
    done = beehive("search", "...", *where)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert beehive("search", "week", "--warehouse", str(published.parent / "none")).returncode == 2
