"""The private file of releases as read: what is stored and searched is bounded, and emptied as a whole."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from flows import stages
from flows.extract.model import ArchiveFile, Commit, Difference, Listed
from flows.load.staging import Staging, open_staging
from flows.normalise import offices
from flows.normalise.entities import Searched, list_entities
from flows.normalise.mentions import NameHit
from flows.normalise.seeds import read_seeds
from flows.parse.batches import parse_batch
from tests.conftest import release_path, release_text

SIZE = 300_000  # bytes of a text


def stored(staging: Staging, count: int) -> None:
    """Lists and stores some long texts."""
    files = {}
    for number in range(count):
        path = release_path("2003-01-01", f"long-{number}")
        files[path] = release_text(slug=f"long-{number}", body=f"Ann Ash {number} " * (SIZE // 12)).encode()
    staging.replace_listing(ArchiveFile(path, path, len(content)) for path, content in files.items())
    assert staging.count_unparsed() == (count, count)
    assert sum(staging.store(parse_batch([(path, path, content)]) for path, content in files.items())) == count


def test_texts_are_searched_some_megabytes_at_a_time(tmp_path: Path) -> None:
    with open_staging(tmp_path / "staging.duckdb", "200MB") as staging:
        stored(staging, 60)
        pages = list(staging.texts_to_search())
        found = sorted(path for texts in pages for path, _, _ in texts)
        assert found == sorted(release_path("2003-01-01", f"long-{number}") for number in range(60))
        assert 2 <= len(pages) <= 4


WORDS = ("Ann Ash", "Ms Ash", "Ash", "ASH", "dashes", "Ben", "Mr Birch", "Birch said", "says Ben Birch", "āsh",
         '"Quoted words."', "he said.", "\n\n", "Minister of Health")  # fmt: skip
PEOPLE = [("ann ash", "ann", "full_name", "female"), ("ms ash", "ann", "title", "female"),
          ("ash", "ann", "surname", "female"), ("ash", "cy", "surname", None), ("ben birch", "ben", "full_name", None),
          ("ben birch", "ben", "full_name", "male"), ("birch", "ben", "surname", "male")]  # fmt: skip


ENTITIES = list_entities(read_seeds())


def found_for(staging: Staging, people: list[tuple[str, str, str, str | None]]) -> dict[str, list[Any]]:
    """What a search for these names leaves in the file."""
    schema = dict.fromkeys(("name", "minister_id", "method", "gender"), pl.String)
    stages._search(staging, pl.DataFrame(people, schema=schema, orient="row"), ENTITIES, 1, print)
    tables = ("name_hit", "entity_count", "name_search", "searched_name")
    return {table: staging.connection.execute(f"from {table} order by all").fetchall() for table in tables}


def test_after_a_change_of_names_the_same_is_found_as_by_a_search_of_all_texts(tmp_path: Path) -> None:
    rng = random.Random(1)
    files = {
        release_path("2003-01-01", f"text-{number}"): release_text(body=" ".join(rng.choices(WORDS, k=12))).encode()
        for number in range(60)
    }
    with open_staging(tmp_path / "staging.duckdb", "200MB") as staging:
        staging.replace_listing(ArchiveFile(path, path, len(content)) for path, content in files.items())
        list(staging.store(parse_batch([(path, path, content)]) for path, content in files.items()))
        for _ in range(5):
            people = sorted(rng.sample(PEOPLE, rng.randint(1, len(PEOPLE))), key=repr)
            gone_on = found_for(staging, people)
            staging.keep_searches("another version")
            assert found_for(staging, people) == gone_on


def test_titles_that_were_decided_before_are_those_of_a_decision_on_all_texts(tmp_path: Path) -> None:
    seeds, texts = read_seeds(), ["Minister of Health", "Minister of Kites", "Health Minister", "Minister of Nothing"]

    def decide(staging: Staging, provisional: dict[str, str]) -> int:
        version = offices.decision_version(seeds, provisional)
        new = staging.undecided_titles(version)
        decided = staging.decide_titles(new, offices.decide_titles(new, seeds, provisional), version)
        present = staging.connection.sql("select distinct 'after' as side, title_after as printed from name_hit").pl()
        assert decided.equals(offices.decide_titles(present, seeds, provisional))
        return new.height

    with open_staging(tmp_path / "staging.duckdb", "200MB") as staging:
        for place, text in enumerate(texts):
            hit = NameHit("a.md", "a", place, "ann ash", is_in_quotation=False, verb=None, title_after=text)
            staging.store_searched(Searched([(f"{place}.md", "a")], [hit], []), "version")
            assert decide(staging, {}) == 1
        assert decide(staging, {}) == 0
        assert decide(staging, {"kites": "Kites"}) == 4
        staging.connection.execute("delete from name_hit where title_after = 'Health Minister'")
        assert decide(staging, {"kites": "Kites"}) == 0


def test_a_term_has_one_number_in_all_transactions(tmp_path: Path) -> None:
    words = ("kites fly", "fly kites high", "kites", "high kites")
    with open_staging(tmp_path / "staging.duckdb", "200MB") as staging:
        for number, body in enumerate(words):
            batch = parse_batch([(f"releases/{number}.md", str(number), release_text("", body=body).encode())])
            list(staging.store([batch]))
        numbers = [term_id for (term_id,) in staging.connection.execute("select term_id from term").fetchall()]
        used = staging.connection.execute(
            "select path, list_sort(list(term)) from (select path, unnest(term_ids) as term_id from release) "
            "inner join term using (term_id) group by path order by path"
        ).fetchall()
    assert sorted(numbers) == [0, 1, 2]
    assert used == [(f"releases/{number}.md", sorted(body.split())) for number, body in enumerate(words)]


@pytest.mark.slow
def test_long_texts_have_the_memory_that_a_group_of_rows_takes(tmp_path: Path) -> None:
    with open_staging(tmp_path / "staging.duckdb", "40MB") as staging:  # of which 10 are enough for others
        stored(staging, 60)
        assert staging.connection.execute("select count(*) from release").fetchall() == [(60,)]


def test_finds_and_the_texts_they_are_of_are_forgotten_together(tmp_path: Path) -> None:
    path = tmp_path / "staging.duckdb"
    with open_staging(path, "200MB") as staging:
        staging.store_searched(Searched([("a.md", "a")], [], []), "version")
        with pytest.raises(duckdb.CatalogException):
            staging._truncate("name_search", "what_is_not_there")
    with open_staging(path, "200MB") as staging:
        assert staging.connection.execute("select path from name_search").fetchall() == [("a.md",)]


@pytest.mark.parametrize("lost", ["listing", "history"])
def test_a_state_that_was_listed_in_part_is_not_gone_on_from(tmp_path: Path, lost: str) -> None:
    when = datetime(2003, 6, 17, tzinfo=UTC)
    files = [ArchiveFile("releases/a.md", "a", 1)]

    def killed() -> Iterator[Any]:
        yield from ()
        raise KeyboardInterrupt

    with open_staging(tmp_path / "staging.duckdb", "200MB") as staging:
        staging.replace_listing(files)
        staging.replace_history([Commit(1, "one", when)])
        assert staging.find_listed("git") is None
        staging.note_listed("git", "one")
        assert staging.find_listed("another") is None
        staging.update_listing(Difference(["releases/a.md"], [], [Commit(2, "two", when)]), "two")
        assert staging.find_listed("git") == Listed("two", 2, when)
        with pytest.raises(KeyboardInterrupt):
            staging.replace_listing(killed()) if lost == "listing" else staging.replace_history(killed())
        assert staging.find_listed("git") is None


@pytest.mark.parametrize("case", ["torn", "older"])
def test_a_log_of_changes_that_a_power_cut_spoiled_takes_nothing_else_with_it(tmp_path: Path, case: str) -> None:
    path, log = tmp_path / "a lock" / "staging.duckdb", tmp_path / "a lock" / "staging.duckdb.wal"
    with open_staging(path, "200MB") as staging:
        staging.start_run("kept", "archive", "state")
    with open_staging(path, "200MB") as staging:
        staging.start_run("lost", "archive", "state")
        spoiled, before = log.read_bytes(), path.read_bytes()
    if case == "torn":  # its last page reached the disk without the one before
        path.write_bytes(before)
        spoiled = spoiled[: len(spoiled) // 2].ljust(len(spoiled), b"\0")
    else:  # its removal did not reach the disk
        for number in range(2):
            with open_staging(path, "200MB") as staging:
                staging.start_run(f"later {number}", "archive", "state")
    log.write_bytes(spoiled)
    with open_staging(path, "200MB") as staging:
        assert ("kept",) in staging.connection.execute("select run_id from run").fetchall()
    assert not path.with_suffix(".duckdb.unreadable").exists()
