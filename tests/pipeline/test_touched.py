"""An incremental build: when it is made, what it says of itself, and that a full one follows whatever it cannot do."""

from pathlib import Path

import duckdb
import pytest

from flows.load import transform
from flows.settings import Settings
from tests.conftest import FirstBuild, GitArchive, Refresh, release_path, release_text
from tests.pipeline.test_incremental import SINCE_BEFORE, everything
from tests.pipeline.test_refresh import rows

NEW = release_path("2003-08-17", "new")


def made(warehouse: Path) -> tuple[int, str | None, int | None]:
    ((number, reason, touched),) = rows(
        warehouse, "select increment_number, full_build_reason, touched_count from build_info"
    )
    return number, reason, touched


def add(archive: GitArchive, path: str = NEW, **values: str) -> None:
    archive.write(path, release_text(date=path.rpartition("/")[2][:10], slug=path.rpartition("/")[2][11:-3], **values))
    archive.commit()


def change_work(warehouse: Path, statement: str) -> None:
    with duckdb.connect(str(warehouse / "work.duckdb")) as connection:
        connection.execute(statement)


def test_a_sync_begins_with_the_published_build_and_says_so(
    archive: GitArchive, first_build: FirstBuild, run: Refresh, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    first_build(warehouse)
    number, reason, touched = made(warehouse)
    assert (number, touched) == (0, None)
    assert reason
    for number in (1, 2):
        add(archive, release_path(f"2003-08-1{number}", f"new-{number}"), body=f"An unlike text, number {number}.")
        outcome = run(archive.path)
        assert made(warehouse) == (number, None, 1)
        assert "Only the rows of 1 releases" in outcome.message
    run(archive.path, "anew")
    assert everything(warehouse, SINCE_BEFORE) == everything(tmp_path / "anew", SINCE_BEFORE)


@pytest.mark.parametrize(
    ("break_it", "settings", "reason"),
    [
        ("rm", {}, "work.duckdb is missing or damaged"),
        ("spoil", {}, "work.duckdb is missing or damaged"),
        ("update work.build set build_id = 'another'", {}, "of another build"),
        ("update work.build set increment_number = 7", {"full_build_every": 7}, "7 incremental builds"),
        ("update work.term_number set term_number = term_number + 1000", {}, "fails the check"),
        ("drop table work.credit", {}, "credit"),
    ],
)
@pytest.mark.slow
def test_a_full_build_follows_where_an_incremental_one_cannot_be_made(
    archive: GitArchive, first_build: FirstBuild, run: Refresh, tmp_path: Path, break_it: str, settings: dict[str, int],
    reason: str,
) -> None:  # fmt: skip
    warehouse = tmp_path / "warehouse"
    first_build(warehouse)
    work = Settings(warehouse=warehouse).work
    match break_it:
        case "rm":
            work.unlink()
        case "spoil":
            work.write_bytes(b"spoiled" * 10_000)
        case statement:
            change_work(warehouse, statement)
    add(archive, body="One more text, unlike all others.")
    run(archive.path, **settings)
    number, said, touched = made(warehouse)
    assert (number, touched) == (0, None)
    assert reason in str(said)
    assert rows(warehouse, "select count(*) from releases") == [(13,)]
    if break_it == "rm":
        add(archive, release_path("2003-09-17", "next"))
        run(archive.path)
        assert made(warehouse)[0] == 1


@pytest.mark.daily
def test_what_touches_many_releases_is_built_anew(
    archive: GitArchive, first_build: FirstBuild, run: Refresh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_build(tmp_path / "warehouse")
    monkeypatch.setattr(transform, "_MOST_TOUCHED", 1)
    for name in ("one", "two"):
        add(archive, release_path("2003-08-17", name))
    run(archive.path)
    number, reason, _ = made(tmp_path / "warehouse")
    assert number == 0
    assert "work.touched_content has 2 releases" in str(reason)


@pytest.mark.slow
def test_a_published_commit_that_was_merged_into_another_branch_is_no_beginning(
    archive: GitArchive, first_build: FirstBuild, run: Refresh, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    first_build(warehouse)
    archive.git("branch", "other")
    for number in range(3):
        add(archive, body=f"A text, edited {number} times.")
    run(archive.path)
    assert made(warehouse)[0] == 1
    archive.git("checkout", "--quiet", "other")
    add(archive, release_path("2003-09-17", "next"))
    archive.git("merge", "--quiet", "--no-ff", "--no-edit", "main")
    archive.git("checkout", "--quiet", "-B", "main")
    run(archive.path)
    number, reason, _ = made(warehouse)
    assert number == 0
    assert "3 commits of the published history are not on the main line any more" in str(reason)
    run(archive.path, "anew")
    assert everything(warehouse, SINCE_BEFORE) == everything(tmp_path / "anew", SINCE_BEFORE)


@pytest.mark.slow
def test_ties_are_decided_by_a_key_and_not_by_the_order_in_which_rows_were_stored(
    archive: GitArchive, first_build: FirstBuild, run: Refresh, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    first_build(warehouse)
    equally_near = release_path("2003-08-18", "one")
    for path, word in ((equally_near, "tarawhita"), (release_path("2003-08-19", "other"), "tarawhiti")):
        add(archive, path, body=f"A text of its own on {path}, with the word {word}.")
    titles = {"a": "Health Minister Annette King", "b": "Annette King, Minister of Health,"}
    for name, title in titles.items():
        for day in ("05", "06", "07"):
            add(archive, release_path(f"2003-09-{day}", name), body=f"{title} said {name * 9} on the {day}th of many.")
    run(archive.path)
    (archive.path / equally_near).unlink()
    archive.commit()
    run(archive.path)
    add(archive, equally_near, body=f"A text of its own on {equally_near}, with the word tarawhita.")
    edited = archive.path / release_path("2003-09-05", "a")
    edited.write_text(edited.read_text() + " It was said again.")
    archive.commit()
    run(archive.path)
    assert made(warehouse)[0] == 3
    run(archive.path, "anew")
    assert everything(warehouse, SINCE_BEFORE) == everything(tmp_path / "anew", SINCE_BEFORE)
    guesses = [
        rows(tmp_path / name, "select read_as from releases_about('tarawhitx')") for name in ("warehouse", "anew")
    ]
    assert guesses[0] == guesses[1] != []
