"""The seeds as a whole: a mistake in a file is an error that names the file, the row and the column."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.errors import Unusable
from flows.normalise import review
from flows.normalise.seeds import read_seeds
from flows.paths import SEEDS

Edit = Callable[[list[str]], list[str]]


def add(row: str) -> Edit:
    return lambda lines: [*lines, row]


def replace(old: str, new: str) -> Edit:
    def edit(lines: list[str]) -> list[str]:
        assert any(old in line for line in lines)
        return [line.replace(old, new, 1) for line in lines]

    return edit


MISTAKES: dict[str, tuple[str, Edit, str]] = {
    "a row twice": ("elections", lambda lines: [*lines, lines[1]], "row 14, column election_date: an earlier row has"),
    "an id twice": (
        "people",
        add('amy-adams,Amy Adam,"Adam, Amy",,minister,,,,,,verified,r'),
        "column minister_id: an ear",
    ),
    "only a header": ("governments", lambda lines: lines[:1], "has no rows"),
    "no lines at all": ("governments", lambda _: [], "cannot be read as CSV"),
    "a renamed column": ("people", replace("minister_name", "name"), "has no column 'minister_name'"),
    "a missing reason": (
        "terms",
        replace("minister_id,government_id,reason", "minister_id,government_id,why"),
        "'reason'",
    ),
    "an empty reason": ("not_people", add("Somebody,"), "row 16, column reason: an empty cell is not a text"),
    "an empty id": (
        "terms",
        add(",fifth-labour,r"),
        "row 224, column minister_id: an empty cell is not an id in people",
    ),
    "an alias to an unknown id": (
        "person_aliases",
        add("Zeb,zeb-quux,typo,r"),
        "column minister_id: 'zeb-quux' is not an",
    ),
    "an unknown government": (
        "terms",
        add("amy-adams,third-labour,r"),
        "'third-labour' is not an id in governments.csv",
    ),
    "an unknown party": (
        "party_memberships",
        add("amy-adams,2020-01-01,,zoo,archive,,r"),
        "'zoo' is not an id in part",
    ),
    "a sector without portfolios": ("cap_topics", add("Zoos,,1,Macroeconomics,r"), "'Zoos' is not a sector in portf"),
    "an unknown successor": ("portfolio_links", add("acc,zoo,merged,verified,r"), "column successor_id: 'zoo' is not"),
    "an id with a capital": (
        "people",
        replace("amy-adams,", "Amy-Adams,"),
        "'Amy-Adams' is not an id of small letters",
    ),
    "a day that is none": (
        "governments",
        replace("1999-12-10", "1999-12-32"),
        "row 2, column start_date: '1999-12-32'",
    ),
    "a day as Excel writes it": (
        "budget_days",
        replace("1996-05-23", "23/05/1996"),
        "row 2, column budget_date: '23/05",
    ),
    "a day with a time": ("recovered_dates", replace("2007-11-28", "2007-11-28T00:00"), "column recovered_date"),
    "an end before the start": (
        "parliaments",
        replace("1996-08-27", "1986-08-27"),
        "1986-08-27 is before 1993-12-21",
    ),
    "a value that no rule knows": (
        "people",
        replace(",minister,", ",king,"),
        "'king' is not one of minister, under-sec",
    ),
    "a basis that no rule knows": (
        "date_bases",
        replace("utc_day", "utc"),
        "column date_basis: 'utc' is not one of local",
    ),
    "a name that an alias has": (
        "person_aliases",
        add("amy ādams,nick-smith,typo,r"),
        "is decided by row 3 of people.csv",
    ),
    "a cell too many": ("terms", add("amy-adams,fifth-labour,r,s"), "cannot be read as CSV"),
    "a cell too few": ("elections", add("1990-10-27,43"), "row 14, column certainty: an empty cell"),
    "not UTF-8": ("not_people", add("caf\udce9,r"), "cannot be read as CSV"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in SEEDS.glob("*.csv"):
        shutil.copy(path, tmp_path)
    return tmp_path


def test_the_seeds_of_this_project_have_no_mistake() -> None:
    assert read_seeds(SEEDS).keys() == {path.stem for path in SEEDS.glob("*.csv")}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_seed_is_named_to_a_refresh_and_to_a_review(mistake: str, folder: Path) -> None:
    seed, edit, said = MISTAKES[mistake]
    path = folder / f"{seed}.csv"
    lines = edit(path.read_text(encoding="utf-8").splitlines())
    path.write_bytes("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"))
    before = {one: one.read_bytes() for one in folder.glob("*.csv")}
    with pytest.raises(Unusable) as raised:
        read_seeds(folder)
    assert str(path) in str(raised.value)
    assert said in str(raised.value)
    with pytest.raises(Unusable, match=re.escape(str(raised.value))):
        review.reject("Zeb Quux Hall", "minister", "r", folder=folder)
    assert before == {one: one.read_bytes() for one in folder.glob("*.csv")}


def test_a_seed_that_is_missing_or_unknown_is_named(folder: Path) -> None:
    (folder / "terms.csv").rename(folder / "terms copy.csv")
    with pytest.raises(Unusable, match=r"terms\.csv is missing|terms copy\.csv is no seed"):
        read_seeds(folder)
    (folder / "terms copy.csv").unlink()
    with pytest.raises(Unusable, match=r"terms\.csv is missing: restore it"):
        read_seeds(folder)


def test_decisions_may_have_no_rows_and_people_further_columns(folder: Path) -> None:
    for seed in ("person_aliases", "recovered_dates", "not_people"):
        path = folder / f"{seed}.csv"
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    people = folder / "people.csv"
    header, *rows = people.read_text(encoding="utf-8").splitlines()
    people.write_text("\n".join([f"{header},iwi", *(f"{row}," for row in rows)]), encoding="utf-8")
    seeds = read_seeds(folder)
    assert (seeds["person_aliases"].height, "iwi" in seeds["people"].columns) == (0, True)


def test_a_decision_that_would_be_a_mistake_is_not_written(folder: Path) -> None:
    before = (folder / "people.csv").read_bytes()
    with pytest.raises(Unusable, match=r"people\.csv, row .*, column certainty: 'maybe' is not one of verified"):
        review.accept("Hon Zeb Quux", "minister", "r", columns={"certainty": "maybe"}, folder=folder)
    assert (folder / "people.csv").read_bytes() == before


def test_every_source_is_a_release_or_explained_in_sources() -> None:
    seeds = read_seeds()
    explained = set(seeds["sources"]["source"])
    columns = {("people", "gender_source"), ("people", "birth_year_source")}
    columns |= {(name, "source") for name, frame in seeds.items() if "source" in frame.columns and name != "sources"}
    assert ("appointments", "source") in columns
    used = {
        source
        for name, column in columns
        for cell in seeds[name][column].drop_nulls()
        for source in cell.split("; ")
        if not re.fullmatch(r"release:[a-z0-9-]+", source)
    }
    assert used == explained
