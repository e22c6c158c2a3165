"""Search on a real warehouse: ranks, filters and phrases by the macro, and the command that asks it."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from flows.errors import Unusable
from flows.load.staging import open_staging
from flows.parse.batches import parse_batch
from flows.serve.search import run_search
from tests.conftest import GitArchive, Refresh, Twelve, release_path, release_text
from tests.pipeline.faults import runs
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
    "apart-in-title": ("Families working", "2003-06-06", (), (), "The ERO visits them by SAR."),
    "as-typed": ("Help from Working for Families", "2003-06-07", (), (), "An ero-visit helps them, but not by SARS."),
    "long": ("Long", "2003-06-05", (), (), "x" * 100_000 + " plainword " + "'" * 100_000),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[GitArchive, Path]:
    """An archive of the releases above and twelve more, and its published file."""
    folder = tmp_path_factory.mktemp("search")
    archive = Twelve(folder).copy()
    for slug, (title, date, ministers, portfolios, body) in RELEASES.items():
        archive.write(release_path(date, slug), release_text(title, date, slug, ministers, portfolios, body))
    archive.commit()
    runs(archive.path, folder / "warehouse")
    return archive, folder / "warehouse" / "beehive.duckdb"


@pytest.fixture
def published(made: tuple[GitArchive, Path]) -> Path:
    return made[1]


def found(published: Path, question: str, **filters: str) -> list[str]:
    return [row[0][11:] for row in run_search(published, question, **filters).rows]  # type: ignore[arg-type]


@pytest.mark.slow
def test_the_macro_ranks_and_filters(published: Path) -> None:
    for question in ("maori language", "Māori LANGUAGE", "ma\u0304ori language's"):
        assert found(published, question)[0] == "title"
        assert set(found(published, question)) == {"title", "body", "apart"}
    assert found(published, "language")[0] == "title"  # one word stands next to no other
    assert found(published, "working for families") == ["as-typed", "apart-in-title"]
    assert found(published, "SARS") == found(published, "SARS helps") == ["as-typed"]
    assert set(found(published, "sars")) == {"as-typed", "apart-in-title"}
    assert found(published, "families working") == ["apart-in-title", "as-typed"]
    assert set(found(published, '"maori language"')) == {"title", "body"}
    assert found(published, '"maori language" "minister\'s office"')[0] == "body"
    assert found(published, "maori language", minister="goff", portfolio="health") == ["apart"]
    assert found(published, "maori language", minister="phil-goff", until="2003-06-02") == ["body"]
    assert set(found(published, "maori language", since="2003-06-02")) == {"body", "apart"}
    assert found(published, "o'connor's", minister="O’Connor") == ["surname"]
    assert set(found(published, "speak*")) == {"apart"}
    assert set(found(published, '"languag* week"')) == {"title"}
    assert set(found(published, "lang* maor*")) == {"title", "body", "apart"}
    assert found(published, "plainword") == ["long"]
    assert found(published, "nosuchword") == []
    assert len(found(published, "week", most=1)) == 1  # type: ignore[arg-type]


def test_a_search_forgives_and_says_so(published: Path) -> None:
    def answers(question: str) -> dict[str, tuple[str | None, str | None]]:
        result = run_search(published, question)
        rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
        return {row["release_id"][11:]: (row["missing_words"], row["read_as"]) for row in rows}

    assert answers("What did the speaker teach in schools?")["apart"] == ("schools", "speaker → speakers")
    assert answers("maori langauge")["title"] == (None, "langauge → language")
    assert answers("zygodactyl") == {}
    assert answers("plainwords") == {"long": (None, "plainwords → plainword")}
    short = answers("Education Review Office")
    assert short["as-typed"] == short["apart-in-title"] == (None, "education review office → ero")
    assert answers("farmers OR speakers") == {"surname": (None, None), "apart": (None, None)}
    assert answers("xmaori-language week")["title"] == ("xmaori", None)
    result = run_search(published, "maori language nosuchword")
    assert result.remarks == ["No release has all words. Showing releases with most words."]
    assert run_search(published, "maori language").remarks == ["3 releases have all words."]
    assert run_search(published, "nosuchword").remarks == ["No release was found."]
    # Words of most releases tell little beside a rare one, unless a filter leaves out the release that has it.
    assert answers("plainword body release") == {"long": ("body, release", None)}
    assert set(found(published, "plainword body release", until="2003-06-04")) == {f"release-{n}" for n in range(1, 6)}


@pytest.fixture(scope="module")
def money(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published file of copies about a wharf, and of money for portfolios with like names."""
    folder = tmp_path_factory.mktemp("money")
    archive = Twelve(folder).copy()
    for slug, date, body in (
        ("one", "2003-06-01", "The wharf of Opua opens today with a band and a boat, and all are welcome."),
        ("two", "2003-06-02", "The wharf of Opua opens today with a band and a boat, and all are welcome."),
        ("new", "2013-06-01", "Years later a wharf is a wharf, and boats come to it, and so do people and bands."),
    ):
        archive.write(release_path(date, slug), release_text("Wharf", date, slug, (), (), body))
    for slug, tags in (
        ("health", ("Health",)),
        ("acc", ("Mental Health",)),
        ("old", ("Budget 2014",)),
        ("new", ("Budget 2015",)),
    ):
        archive.write(release_path("2014-06-01", slug), release_text("Money", "2014-06-01", slug, (), tags))
    archive.commit()
    runs(archive.path, folder / "warehouse")
    return folder / "warehouse" / "beehive.duckdb"


@pytest.mark.slow
def test_copies_rank_last_and_newer_releases_first_if_asked(money: Path) -> None:
    with duckdb.connect(str(money), read_only=True) as reader:
        told = reader.execute("select release_id, rank, match_count, copy_of from releases_about('wharf')").fetchall()
        newest = reader.execute("select release_id from releases_about('wharf', recent := true) limit 1").fetchall()
    assert [row[1:3] for row in told] == [(1, 3), (2, 3), (3, 3)]
    assert {(told[2][0], told[2][3])} <= {
        ("2003-06-02-two", "2003-06-01-one"), ("2003-06-01-one", "2003-06-02-two"),
    }  # fmt: skip
    assert newest == [("2013-06-01-new",)]


@pytest.mark.slow
def test_arguments_may_be_columns_of_whatever_name(published: Path) -> None:
    asked = "(select count(*) from releases_about('week', {} := {}))"
    with duckdb.connect(str(published), read_only=True) as reader:
        for column, table, wanted in (
            ("minister_name", "(select 'Phil Goff' as minister_name)", 2),
            ("minister_id", "(select 'phil-goff' as minister_id)", 2),
            ("found_id", "(select 'phil-goff' as found_id)", 2),
        ):
            found = reader.execute(f"select {asked.format('minister', column)} from {table}").fetchall()
            assert found == [(wanted,)], column
        found = reader.execute(
            f"select {asked.format('portfolio', 'portfolio_name')} from (select 'Justice' as portfolio_name)"
        )
        assert found.fetchall() == [(1,)]
        found = reader.execute(f"select {asked.format('since', 'nz_date')} from (select '2003-06-02' as nz_date)")
        assert found.fetchall() == [(2,)]
        for column in ("title", "body", "question"):
            found = reader.execute(
                f"select about.release_id from (select '\"maori language\"' as {column}) as asked, "
                f"lateral (from releases_about({column})) as about where missing_words is null order by all"
            ).fetchall()
            assert found == [("2003-06-01-title",), ("2003-06-02-body",)], column


@pytest.mark.slow
def test_an_id_is_that_and_the_first_words_of_a_name_are_enough(money: Path) -> None:
    assert found(money, "money", portfolio="health") == ["health"]
    assert found(money, "money", portfolio="mental") == ["acc"]
    with pytest.raises(Unusable, match=r"'budget' could be Budget 2009 or .* more"):
        found(money, "money", portfolio="budget")
    assert found(money, "money", portfolio="Budget 2015") == ["new"]
    with pytest.raises(Unusable, match=r"No portfolio is called '2014'\. Nearest: Budget 2014\."):
        found(money, "money", portfolio="2014")


def test_terms_keep_their_numbers_after_a_transaction_that_failed(tmp_path: Path) -> None:
    one, two = (
        parse_batch([(f"releases/{name}.md", name, release_text(name, body=f"{name} body").encode())])
        for name in ("alpha", "beta")
    )
    with open_staging(tmp_path / "staging.duckdb", "256MB") as staging:
        staging.connection.execute("alter table release rename to hidden")
        with pytest.raises(duckdb.Error):
            list(staging.store([one]))
        staging.connection.rollback()
        staging.connection.execute("alter table hidden rename to release")
        list(staging.store([two]))
        list(staging.store([one]))
        kept = staging.connection.execute(
            "select blob, list_sort(list(term)) from (select blob, unnest(term_ids) as term_id from release) "
            "inner join term using (term_id) group by blob order by blob"
        ).fetchall()
    assert kept == [("alpha", ["alpha", "body"]), ("beta", ["beta", "body"])]


@pytest.mark.slow
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
    for wrong in (
        {"since": "yesterday"}, {"until": "2003-13-01"}, {"since": "2003-02-01", "until": "2003-01-01"}, {"most": 0},
        {"most": 10**30}, {"minister": ""}, {"minister": "%"}, {"minister": "Nobody Here"}, {"portfolio": "\udcff"},
    ):  # fmt: skip
        with pytest.raises(Unusable):
            run_search(published, "week", **wrong)  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_removed_release_is_not_found_and_a_new_text_is(
    made: tuple[GitArchive, Path], run: Refresh, tmp_path: Path
) -> None:
    archive, before = made
    shutil.copytree(before.parent, tmp_path / "warehouse", symlinks=True)
    title, date, ministers, portfolios, _ = RELEASES["body"]
    archive.write(release_path(date, "body"), release_text(title, date, "body", ministers, portfolios, "Wharves."))
    (archive.path / release_path("2003-06-01", "title")).unlink()
    archive.commit()
    run(archive.path)
    published = tmp_path / "warehouse" / "beehive.duckdb"
    assert found(published, "maori language") == ["apart"]
    assert found(published, "wharves") == ["body"]


@pytest.mark.slow
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
