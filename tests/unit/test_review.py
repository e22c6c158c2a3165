"""Decisions on names: what is written to the seeds, and what is refused."""

import csv
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest
from filelock import FileLock

from flows.errors import Refused
from flows.normalise import review
from flows.normalise.ministers import decide_ministers
from flows.normalise.portfolios import decide_portfolios
from flows.normalise.seeds import read_seeds
from flows.paths import SEEDS
from tests.unit.test_normalise import printed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in SEEDS.glob("*.csv"):
        shutil.copy(path, tmp_path)
    return tmp_path


def lines(folder: Path, seed: str) -> list[str]:
    return (folder / f"{seed}.csv").read_text(encoding="utf-8").splitlines()


def one_more(folder: Path, seed: str) -> list[str]:
    """The line that a decision added; every other line is as it was, and the rows are still sorted."""
    before, after = lines(SEEDS, seed), lines(folder, seed)
    added = [line for line in after if line not in before]
    assert [line for line in after if line not in added] == before
    keys = [tuple(row[:2]) for row in csv.reader(after[1:])]
    assert keys == sorted(keys)
    return added


def minister(name: str, folder: Path) -> tuple[str, str]:
    row = decide_ministers(printed(name), read_seeds(folder)).row(0, named=True)
    return row["minister_id"], row["rule"]


def portfolio(tag: str, folder: Path) -> tuple[str, str, str]:
    row = decide_portfolios(printed(tag), read_seeds(folder)).row(0, named=True)
    return row["portfolio_id"], row["role"], row["rule"]


def test_an_accepted_person_is_known_without_honorifics(folder: Path) -> None:
    assert minister("Hon Dr Zeb van der Quux KC", folder) == ("zeb-van-der-quux", "provisional")
    review.accept("Hon Dr Zeb van der Quux KC", "minister", "sworn in", folder=folder)
    (line,) = one_more(folder, "people")
    assert (
        dict(zip(lines(SEEDS, "people")[0].split(","), next(csv.reader([line])), strict=True)).items()
        >= {
            "minister_id": "zeb-van-der-quux",
            "minister_name": "Zeb van der Quux",
            "sort_name": "van der Quux, Zeb",
            "honorific": "Hon Dr",
            "kind": "minister",
            "certainty": "verified",
            "reason": "sworn in",
        }.items()
    )
    assert minister("Hon Dr Zeb van der Quux KC", folder) == ("zeb-van-der-quux", "honorific")


def test_an_accepted_person_gets_every_column_of_the_seed(folder: Path) -> None:
    people = pl.read_csv(folder / "people.csv", infer_schema=False)
    new = people.insert_column(5, pl.lit("unknown").alias("iwi")).insert_column(6, pl.lit(None).alias("nickname"))
    new.write_csv(folder / "people.csv")
    with pytest.raises(Refused, match=r"fills 'iwi' in every row: give a value with --set iwi=VALUE"):
        review.accept("Hon Zeb Quux", "minister", "sworn in", folder=folder)
    with pytest.raises(Refused, match="has no column 'iwis'"):
        review.accept("Hon Zeb Quux", "minister", "sworn in", columns={"iwis": "Ngāi Tahu"}, folder=folder)
    review.accept("Hon Zeb Quux", "minister", "sworn in", columns={"iwi": "Ngāi Tahu", "gender": "male"}, folder=folder)
    (row,) = pl.read_csv(folder / "people.csv", infer_schema=False).filter(minister_id="zeb-quux").to_dicts()
    assert (row["iwi"], row["nickname"], row["certainty"]) == ("Ngāi Tahu", None, "verified")
    assert (row["gender"], row["birth_year"]) == ("male", None)


def test_a_column_that_may_be_empty_is_not_asked_for_although_every_row_fills_it(folder: Path) -> None:
    people = pl.read_csv(folder / "people.csv", infer_schema=False)
    people.with_columns(pl.lit("female").alias("gender"), pl.lit("1960").alias("birth_year")).write_csv(
        folder / "people.csv"
    )
    row = review.accept("Hon Zeb Quux", "minister", "sworn in", folder=folder).row
    assert (row.get("gender"), row.get("birth_year")) == (None, None)


def test_an_accepted_portfolio_is_known_without_its_role(folder: Path) -> None:
    review.accept(
        "Associate Minister of Tidal Gardens", "portfolio", "new", sector="Education & science", folder=folder
    )
    assert one_more(folder, "portfolios") == ["tidal-gardens,Tidal Gardens,portfolio,Education & science,verified,new"]
    assert portfolio("Associate Minister of Tidal Gardens", folder) == ("tidal-gardens", "associate", "role")


def test_a_mapped_name_is_the_known_one(folder: Path) -> None:
    review.map_to("Hon Winstone Peeters", "minister", "winston-peters", "misspelled", folder=folder)
    assert minister("Rt Hon Winstone Peeters", folder) == ("winston-peters", "alias")
    review.map_to("Minister of Helth", "portfolio", "health", "misspelled", folder=folder)
    assert portfolio("Associate Minister of Helth", folder) == ("health", "associate", "role")
    assert len(one_more(folder, "person_aliases")) == len(one_more(folder, "portfolio_aliases")) == 1


def test_a_rejected_string_is_nobody(folder: Path) -> None:
    review.reject("Zeb Quux Hall", "minister", "a building", folder=folder)
    assert minister("Zeb Quux Hall", folder) == ("not-a-person", "placeholder")
    review.reject("Tidal Hall", "portfolio", "a building", folder=folder)
    assert portfolio("Tidal Hall", folder) == ("not-a-portfolio", "none", "placeholder")


@pytest.mark.parametrize(
    ("decide", "message"),
    [
        (lambda f: review.accept("Winston Peters", "minister", "r", folder=f), "already"),
        (lambda f: review.accept("Zeb Quux", "minister", "r", member_id="winston-peters", folder=f), "already"),
        (lambda f: review.accept("Zeb Quux", "minister", "r", member_kind="king", folder=f), "not a kind"),
        (lambda f: review.accept("Zeb Quux", "minister", " ", folder=f), "reason"),
        (lambda f: review.accept("Tidal Gardens", "portfolio", "r", folder=f), "not a sector"),
        (lambda f: review.map_to("Zeb Quux", "minister", "nobody", "r", folder=f), "no id 'nobody'"),
        (lambda f: review.map_to("John Delamare", "minister", "winston-peters", "r", folder=f), "already"),
        (lambda f: review.reject("No Minister", "minister", "r", folder=f), "already"),
        (lambda f: review.reject("Nik Smith", "minister", "r", folder=f), "person_aliases.*already"),
        (lambda f: review.map_to("No Minister", "minister", "nick-smith", "r", folder=f), "not_people.*already"),
        (lambda f: review.accept("No Portfolio", "portfolio", "r", sector="Unassigned", folder=f), "already"),
        (lambda f: review.accept("Zeb Quux", "minister", "r", member_id="unresolved", folder=f), "cannot be an id"),
        (lambda f: review.accept("Zeb Quux", "minister", "r", member_id="Bad ID", folder=f), "cannot be an id"),
        (lambda f: review.accept("Z\u0435b Quux", "minister", "r", folder=f), "CYRILLIC SMALL LETTER IE"),
    ],
)
def test_what_is_decided_or_wrong_is_refused_and_nothing_is_written(folder: Path, decide: object, message: str) -> None:
    with pytest.raises(Refused, match=message):
        decide(folder)  # type: ignore[operator]
    for path in SEEDS.glob("*.csv"):
        assert (folder / path.name).read_bytes() == path.read_bytes()


@pytest.mark.slow
def test_decisions_at_the_same_time_are_all_kept(folder: Path) -> None:
    names = [f"Zeb Quux Hall {letter}" for letter in "ABCDEFGH"]
    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(lambda name: review.reject(name, "minister", "a building", folder=folder), names))
    assert len(one_more(folder, "not_people")) == len(names)


def test_a_decision_that_waits_too_long_for_another_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review, "_LOCK_TIMEOUT", 0.1)
    with FileLock(folder / ".lock"), pytest.raises(Refused, match=r"\.lock .* Nothing was written"):
        review.reject("Zeb Quux Hall", "minister", "a building", folder=folder)
    assert one_more(folder, "not_people") == []


def test_a_name_that_does_not_wait_or_waits_twice_needs_saying() -> None:
    names = [
        {"printed_as": "A", "name_kind": "minister"},
        {"printed_as": "B", "name_kind": "minister"},
        {"printed_as": "B", "name_kind": "portfolio"},
    ]
    assert review.kind_of("A", names, None) == "minister"
    assert review.kind_of("B", names, "portfolio") == "portfolio"
    assert review.kind_of("Ann  Ash", [{"printed_as": "Ann\u00a0Ash", "name_kind": "minister"}], None) == "minister"
    with pytest.raises(Refused, match="--as"):
        review.kind_of("B", names, None)
    with pytest.raises(Refused, match="does not await"):
        review.kind_of("C", names, None)
